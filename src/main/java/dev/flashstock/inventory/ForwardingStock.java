package dev.flashstock.inventory;

import dev.flashstock.stock.Adjustment;
import dev.flashstock.stock.Movement;
import dev.flashstock.stock.Portion;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ShardLevel;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Another table: the base of those that do something more, or something else, at some calls. */
public abstract class ForwardingStock implements StockTable {
    /** The other table. */
    protected final StockTable table;

    /**
     * Forwards all calls.
     *
     * @param table to which table
     */
    protected ForwardingStock(StockTable table) {
        this.table = table;
    }

    @Override
    public Uni<Map<Sku, List<ShardLevel>>> gather(Map<Sku, Integer> readShards) {
        return table.gather(readShards);
    }

    @Override
    public Uni<Optional<List<ShardLevel>>> snapshot(Sku sku, int readShards) {
        return table.snapshot(sku, readShards);
    }

    @Override
    public Uni<GroupCommit.Result> commit(GroupCommit commit) {
        return table.commit(commit);
    }

    @Override
    public Uni<Attempt> move(Move move) {
        return table.move(move);
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
    public Uni<Attempt> repair(Adjustment adjustment, List<Portion> portions, List<Movement.Line> lines, String audit) {
        return table.repair(adjustment, portions, lines, audit);
    }

    @Override
    public Uni<List<Adjustment>> adjustments(Sku sku, String after, int limit) {
        return table.adjustments(sku, after, limit);
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
