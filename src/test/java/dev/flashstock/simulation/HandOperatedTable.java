package dev.flashstock.simulation;

import dev.flashstock.inventory.TableContract;
import io.smallrye.mutiny.Uni;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;

/** A table that answers at once, but for transactions that are told when to end. */
final class HandOperatedTable {
    private final Deque<Runnable> underWay = new ArrayDeque<>();
    private final InMemoryTable table =
            new InMemoryTable(new ItemStore(InstantSource.system(), changes -> {}), Wire.through(this::later));
    private boolean beginning;

    private void later(Runnable step) {
        if (beginning) {
            underWay.add(step);
        } else {
            step.run();
        }
    }

    TableContract.Ports ports() {
        return new TableContract.Ports(table, table, table, table, table);
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
}
