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
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Counts group commits by what came of them, and how many reservations they had; holds that have expired, and how late
 * they came back; moves by what came of them.
 */
final class CountedStock extends ForwardingStock {
    private final InstantSource clock;
    private final Map<Came, Counter> commits = new EnumMap<>(Came.class);
    private final Map<Attempt, Counter> moves = new EnumMap<>(Attempt.class);
    private final DistributionSummary size;
    private final Counter gathers;
    private final Counter expired;
    private final Timer lag;

    /** What came of a group commit. */
    private enum Came {
        COMMITTED("committed"),
        THROTTLED("throttled"),
        CONFLICT("conflict"),
        CLOSED("closed"),
        TOO_FEW("too-few"),
        EXISTS("exists"),
        FAILED("failed");

        private final String word;

        Came(String word) {
            this.word = word;
        }
    }

    CountedStock(StockTable table, MeterRegistry metrics, InstantSource clock) {
        super(table);
        this.clock = clock;
        for (Came came : Came.values()) {
            commits.put(
                    came,
                    Counter.builder("flashstock.group.commits")
                            .description("Group commits, by what came of them; what did not happen is tried again")
                            .tag("outcome", came.word)
                            .register(metrics));
        }
        for (Attempt attempt : Attempt.values()) {
            moves.put(
                    attempt,
                    Counter.builder("flashstock.moves")
                            .description("Moves of units from one shard to another, by what came of them")
                            .tag("outcome", attempt.name())
                            .register(metrics));
        }
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
                .invoke(failure -> count(Came.FAILED));
    }

    private void count(GroupCommit commit, GroupCommit.Result result) {
        if (result instanceof GroupCommit.Result.Cancelled cancelled) {
            count(why(cancelled));
        } else {
            size.record(commit.holds().size() + commit.returns().size());
            count(Came.COMMITTED);
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

    private void count(Came came) {
        Objects.requireNonNull(commits.get(came)).increment();
    }

    /** The worst of its reasons: what keeps a whole shard waiting comes first. */
    private static Came why(GroupCommit.Result.Cancelled cancelled) {
        List<Reason> reasons = Stream.of(
                        Stream.of(cancelled.shard()), cancelled.holds().stream(), cancelled.returns().stream())
                .flatMap(it -> it)
                .toList();
        if (reasons.stream().anyMatch(Reason.Throttled.class::isInstance)) {
            return Came.THROTTLED;
        }
        if (reasons.stream().anyMatch(Reason.Conflict.class::isInstance)) {
            return Came.CONFLICT;
        }
        if (cancelled.shard() instanceof Reason.Closed) {
            return Came.CLOSED;
        }
        return cancelled.shard() instanceof Reason.TooFew ? Came.TOO_FEW : Came.EXISTS;
    }

    @Override
    public Uni<Attempt> move(Move move) {
        return super.move(move)
                .invoke(attempt -> Objects.requireNonNull(moves.get(attempt)).increment());
    }

    @Override
    public Uni<Map<Sku, List<ShardLevel>>> gather(Map<Sku, Integer> readShards) {
        return super.gather(readShards).invoke(levels -> gathers.increment(levels.size()));
    }
}
