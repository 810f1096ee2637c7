package dev.flashstock.api;

import dev.flashstock.inventory.RateLimits;
import dev.flashstock.inventory.RateLimits.Bucket;
import dev.flashstock.inventory.RateLimits.RateLimit;
import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Refusal;
import dev.flashstock.stock.UserId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** How often a caller may ask for what costs writes. */
@Singleton
class Allowance {
    private final RateLimits limits;
    private final RateLimit ofUser;
    private final Optional<RateLimit> ofAddress;
    private final Counter refused;

    Allowance(RateLimits limits, LimitsConfig config, MeterRegistry metrics) {
        this.limits = limits;
        this.ofUser = config.user().limit();
        this.ofAddress = config.address().limit();
        this.refused = Counter.builder("flashstock.requests.limited")
                .description("Requests refused because a user, or an address, asks too often")
                .register(metrics);
    }

    /** Does what a user asks for, if neither the user nor its address asks too often. A service's address is that of many users. */
    <T> Uni<Outcome<T>> ofUser(Caller caller, Function<UserId, Uni<Outcome<T>>> work) {
        UserId user = caller.user();
        List<Bucket> buckets = new ArrayList<>();
        buckets.add(ofUser(user));
        if (!caller.isService()) {
            buckets.addAll(ofAddress(caller));
        }
        return within(buckets, () -> work.apply(user));
    }

    /** Does what anybody asks for, if its address does not ask too often. */
    <T> Uni<Outcome<T>> ofAnybody(Caller caller, Supplier<Uni<Outcome<T>>> work) {
        return within(ofAddress(caller), work);
    }

    private Bucket ofUser(UserId user) {
        return new Bucket("user:" + user.value(), ofUser);
    }

    private List<Bucket> ofAddress(Caller caller) {
        return ofAddress
                .map(it -> List.of(new Bucket("address:" + caller.network(), it)))
                .orElse(List.of());
    }

    private <T> Uni<Outcome<T>> within(List<Bucket> buckets, Supplier<Uni<Outcome<T>>> work) {
        return limits.take(buckets).chain(wait -> {
            if (wait.isZero()) {
                return work.get();
            }
            refused.increment();
            return Uni.createFrom().item(Outcome.refused(new Refusal.TooOften(wait)));
        });
    }
}
