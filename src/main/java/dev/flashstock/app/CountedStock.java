package dev.flashstock.app;

import dev.flashstock.inventory.Attempt;
import dev.flashstock.inventory.ForwardingStock;
import dev.flashstock.inventory.GroupCommit;
import dev.flashstock.inventory.GroupCommit.Reason;
import dev.flashstock.inventory.Move;
import dev.flashstock.inventory.StockTable;
import dev.flashstock.stock.Quantity;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ShardLevel;
import dev.flashstock.stock.Sku;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Counts group commits by what came of them, and how many reservations they had; holds that have expired, and how late
 * they came back; moves by what came of them.
 */
final class CountedStock extends ForwardingStock {
    private final MeterRegistry metrics;
    private final InstantSource clock;
    private final DistributionSummary size;
    private final Counter gathers;
    private final Counter expired;
    private final Timer lag;

    CountedStock(StockTable table, MeterRegistry metrics, InstantSource clock) {
        super(table);
        this.metrics = metrics;
        this.clock = clock;
        this.gathers = Counter.builder("flashstock.gathers")
                .description("Readings of all shards of a SKU")
                .register(metrics);
        this.expired = Counter.builder("flashstock.expired")
                .description("Units that came back because their hold's time was over")
                .register(metrics);
        this.lag = Timer.builder("flashstock.expiry.lag")
                .description("From the end of a hold's time until its units are back in stock, for each hold")
                .serviceLevelObjectives(Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofMinutes(1))
                .register(metrics);
        this.size = DistributionSummary.builder("flashstock.group.size")
                .description("Reservations in a group commit that has happened")
                .register(metrics);
    }

    @Override
    public Uni<GroupCommit.Result> commit(GroupCommit commit) {
        return super.commit(commit)
                .invoke(result -> count(commit, result))
                .onFailure()
                .invoke(failure -> count("failed"));
    }

    private void count(GroupCommit commit, GroupCommit.Result result) {
        if (result instanceof GroupCommit.Result.Cancelled cancelled) {
            count(why(cancelled));
        } else {
            size.record(commit.holds().size() + commit.returns().size());
            count("committed");
            commit.returns().stream()
                    .filter(it -> it.becomes() == Reservation.Status.EXPIRED)
                    .map(GroupCommit.Return::reservation)
                    .forEach(this::countExpired);
        }
    }

    private void countExpired(Reservation reservation) {
        Quantity quantity = reservation.quantity();
        Instant end = reservation.expiresAt();
        if (quantity != null && end != null) {
            expired.increment(quantity.units());
            lag.record(Duration.between(end, clock.instant()));
        }
    }

    private void count(String outcome) {
        metrics.counter("flashstock.group.commits", "outcome", outcome).increment();
    }

    /** The worst of its reasons: what keeps a whole shard waiting comes first. */
    private static String why(GroupCommit.Result.Cancelled cancelled) {
        List<Reason> reasons = Stream.of(
                        Stream.of(cancelled.shard()), cancelled.holds().stream(), cancelled.returns().stream())
                .flatMap(it -> it)
                .toList();
        if (reasons.stream().anyMatch(Reason.Throttled.class::isInstance)) {
            return "throttled";
        }
        if (reasons.stream().anyMatch(Reason.Conflict.class::isInstance)) {
            return "conflict";
        }
        if (cancelled.shard() instanceof Reason.Closed) {
            return "closed";
        }
        return cancelled.shard() instanceof Reason.TooFew ? "too-few" : "exists";
    }

    @Override
    public Uni<Attempt> move(Move move) {
        return super.move(move)
                .invoke(attempt -> metrics.counter("flashstock.moves", "outcome", attempt.name())
                        .increment());
    }

    @Override
    public Uni<Map<Sku, List<ShardLevel>>> gather(Map<Sku, Integer> readShards) {
        return super.gather(readShards).invoke(levels -> gathers.increment(levels.size()));
    }
}
