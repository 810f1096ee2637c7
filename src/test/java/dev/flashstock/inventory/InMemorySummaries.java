package dev.flashstock.inventory;

import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The summaries and their lease, in memory. */
public final class InMemorySummaries implements SummaryTable {
    private final Map<Sku, Summary> summaries = new ConcurrentHashMap<>();
    private @Nullable Lease lease;

    @Override
    public Uni<Map<Sku, Summary>> find(Collection<Sku> skus) {
        return Uni.createFrom().item(() -> {
            Map<Sku, Summary> found = new HashMap<>();
            skus.forEach(sku -> found.put(sku, summaries.getOrDefault(sku, Summary.none(sku))));
            return found;
        });
    }

    @Override
    public Uni<Attempt> save(Summary summary) {
        return Uni.createFrom().item(() -> attempt(write(summary)));
    }

    private synchronized boolean write(Summary summary) {
        Summary there = summaries.getOrDefault(summary.sku(), Summary.none(summary.sku()));
        if (there.revision() != summary.revision()) {
            return false;
        }
        summaries.put(
                summary.sku(),
                new Summary(
                        summary.sku(), summary.revision() + 1, summary.term(), summary.generation(), summary.levels()));
        return true;
    }

    @Override
    public Uni<Optional<Lease>> lease() {
        return Uni.createFrom().item(() -> Optional.ofNullable(lease));
    }

    @Override
    public Uni<Attempt> take(Optional<Lease> before, Lease next) {
        return Uni.createFrom()
                .item(() -> attempt(write(
                        next,
                        there -> before.map(
                                        it -> there != null && it.term() == there.term() && it.beat() == there.beat())
                                .orElse(there == null))));
    }

    @Override
    public Uni<Attempt> keep(String owner, Lease next) {
        return Uni.createFrom()
                .item(() -> attempt(write(
                        next, there -> there != null && there.owner().equals(owner) && there.term() == next.term())));
    }

    private interface Condition {
        boolean holds(@Nullable Lease there);
    }

    private synchronized boolean write(Lease next, Condition condition) {
        boolean holds = condition.holds(lease);
        if (holds) {
            lease = next;
        }
        return holds;
    }

    private static Attempt attempt(boolean done) {
        return done ? Attempt.DONE : Attempt.CHANGED;
    }
}
