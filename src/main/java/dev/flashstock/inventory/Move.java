package dev.flashstock.inventory;

import dev.flashstock.stock.Movement;
import dev.flashstock.stock.Portion;
import dev.flashstock.stock.Sku;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * One transaction that brings units from some shards to another.
 *
 * @param id names it, never used for another
 * @param at when, to the millisecond
 * @param sku whose units
 * @param from what each of the other shards gives up, 1 to {@value GroupCommit#MAX_ENTRIES} of them
 * @param to the shard that is given it all
 */
public record Move(String id, Instant at, Sku sku, List<Portion> from, int to) {
    /**
     * How many units are moved.
     *
     * @return their sum
     */
    public long units() {
        return from.stream().mapToLong(Portion::units).sum();
    }

    /**
     * What the ledger says of it.
     *
     * @return the movement
     */
    public Movement movement() {
        List<Movement.Change> changes = new ArrayList<>();
        from.forEach(it -> changes.add(new Movement.Change(it.shard(), -it.units())));
        changes.add(new Movement.Change(to, units()));
        return new Movement(id, sku, at, changes, List.of(new Movement.Line(Movement.Kind.MOVE, 0, null, null, null)));
    }
}
