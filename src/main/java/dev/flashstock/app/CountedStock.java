package dev.flashstock.app;

import dev.flashstock.inventory.Attempt;
import dev.flashstock.inventory.GroupCommit;
import dev.flashstock.inventory.GroupCommit.Reason;
import dev.flashstock.inventory.Move;
import dev.flashstock.inventory.StockTable;
import dev.flashstock.stock.Adjustment;
import dev.flashstock.stock.Portion;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ShardLevel;
import dev.flashstock.stock.Sku;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Counts group commits by what came of them, and how many reservations they had; moves by what came of them. */
final class CountedStock implements StockTable {
    private final StockTable table;
    private final MeterRegistry metrics;
    private final DistributionSummary size;

    CountedStock(StockTable table, MeterRegistry metrics) {
        this.table = table;
        this.metrics = metrics;
        this.size = DistributionSummary.builder("flashstock.group.size")
                .description("Reservations in a group commit that has happened")
                .register(metrics);
    }

    @Override
    public Uni<GroupCommit.Result> commit(GroupCommit commit) {
        return table.commit(commit)
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
        return cancelled.shard() instanceof Reason.TooFew ? "too-few" : "exists";
    }

    @Override
    public Uni<Attempt> move(Move move) {
        return table.move(move)
                .invoke(attempt -> metrics.counter("flashstock.moves", "outcome", attempt.name())
                        .increment());
    }

    @Override
    public Uni<List<ShardLevel>> gather(Sku sku, int readShards) {
        return table.gather(sku, readShards);
    }

    @Override
    public Uni<Optional<List<ShardLevel>>> snapshot(Sku sku, int readShards) {
        return table.snapshot(sku, readShards);
    }

    @Override
    public Uni<Attempt> adjust(Adjustment adjustment, List<Portion> portions) {
        return table.adjust(adjustment, portions);
    }

    @Override
    public Uni<Attempt> takeBack(Adjustment adjustment, List<Portion> portions, Reservation sold) {
        return table.takeBack(adjustment, portions, sold);
    }

    @Override
    public Uni<Optional<Adjustment>> adjustment(Sku sku, String id) {
        return table.adjustment(sku, id);
    }

    @Override
    public Uni<Long> stocked(Sku sku) {
        return table.stocked(sku);
    }
}
