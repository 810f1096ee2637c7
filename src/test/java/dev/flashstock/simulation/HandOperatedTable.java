package dev.flashstock.simulation;

import dev.flashstock.inventory.TableContract;
import dev.flashstock.stock.Reservation;
import io.smallrye.mutiny.Uni;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;

/** A table that answers at once, but for transactions that are told when to end. */
final class HandOperatedTable {
    private final Deque<Runnable> underWay = new ArrayDeque<>();
    private final ItemStore store = new ItemStore(InstantSource.system(), changes -> {});
    private final Wire wire = Wire.through(this::later);
    private final InMemoryTable table = new InMemoryTable(store, wire);
    private boolean beginning;

    private void later(Runnable step) {
        if (beginning) {
            underWay.add(step);
        } else {
            step.run();
        }
    }

    TableContract.Ports ports() {
        return new TableContract.Ports(table, table, table, table, table, table, new InMemoryAudits(store, wire));
    }

    <T> CompletableFuture<T> begin(Uni<T> transaction) {
        beginning = true;
        CompletableFuture<T> result = transaction.subscribeAsCompletionStage();
        beginning = false;
        return result;
    }

    void end() {
        underWay.forEach(Runnable::run);
        underWay.clear();
    }

    /** Removes a reservation's item. */
    void removed(Reservation reservation) {
        store.write(
                new ItemStore.Write(
                        new Key.Reservation(reservation.user(), reservation.id()), old -> true, old -> null),
                key -> false);
    }
}
