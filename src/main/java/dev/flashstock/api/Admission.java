package dev.flashstock.api;

import dev.flashstock.api.Precedence.Target;
import dev.flashstock.inventory.Places;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Takes on as many requests as the process can serve, and refuses the others at once, while that is cheap: in the order of
 * their {@linkplain Precedence precedence}, and so that the shoppers of one SKU have half of the places at most.
 */
@Singleton
class Admission {
    /** After the doors, the limit of bodies and CORS, so that a browser may read a refusal; before anybody is identified. */
    private static final int BEFORE_IDENTITY = 250;

    private static final double SHARE_OF_A_SKU = 0.5;
    private static final Problem PROBLEM = Problem.of(
            ProblemType.OVERLOADED,
            "This process has too much to do, and has done nothing: send the request again.",
            Map.of(Problem.RETRY_AFTER_SECONDS, 1L));

    private final EarlyAnswers answers;
    private final ConcurrencyLimit limit;
    private final Places<String> shoppers = new Places<>();
    private final Map<Precedence, Counter> refused = new EnumMap<>(Precedence.class);

    Admission(EarlyAnswers answers, ConcurrencyLimit limit, MeterRegistry metrics) {
        this.answers = answers;
        this.limit = limit;
        for (Precedence precedence : Precedence.values()) {
            refused.put(
                    precedence,
                    Counter.builder("flashstock.requests.shed")
                            .description("Requests refused because the process has too much to do, by their kind")
                            .tag("kind", precedence.name().toLowerCase(Locale.ROOT))
                            .register(metrics));
        }
        Gauge.builder("flashstock.requests.limit", limit, ConcurrencyLimit::limit)
                .description("Requests that may be under way at once: fewer while event loops are behind")
                .register(metrics);
        Gauge.builder("flashstock.requests.active", limit, ConcurrencyLimit::underWay)
                .description("Requests that are under way")
                .register(metrics);
    }

    void register(@Observes Filters filters) {
        filters.register(this::letIn, BEFORE_IDENTITY);
    }

    private void letIn(RoutingContext context) {
        Target target = Target.of(context.request());
        if (target.isOperations()) {
            context.next();
            return;
        }
        Precedence precedence = Precedence.of(context.request(), target);
        boolean taken = target.isStream()
                ? !limit.isFull(precedence)
                : take(context, precedence, target.reserves(context.request().method()));
        if (taken) {
            context.next();
        } else {
            Objects.requireNonNull(refused.get(precedence)).increment();
            answers.putOff(context, PROBLEM);
        }
    }

    private boolean take(RoutingContext context, Precedence precedence, Optional<String> sku) {
        if (sku.isPresent() && !shoppers.take(sku.get(), (int) (SHARE_OF_A_SKU * limit.limit()))) {
            return false;
        }
        boolean taken = limit.enter(precedence);
        if (taken) {
            context.addEndHandler(ended -> {
                limit.leave();
                sku.ifPresent(shoppers::leave);
            });
        } else {
            sku.ifPresent(shoppers::leave);
        }
        return taken;
    }
}
