package dev.flashstock.inventory;

import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Refusal;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.StockLevel;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.smallrye.mutiny.subscription.MultiEmitter;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Use case: stock as it changes. However many watch a SKU in this process, its level is asked for twice a second, of the
 * fastest layer, and when there is news of it. Who is slow misses what was in between and gets the latest.
 */
public final class LiveStock {
    /** From one look to the next. */
    static final Duration INTERVAL = Duration.ofMillis(500);

    private final Listings listings;
    private final StockLevels levels;
    private final Pauses pauses;
    private final ConcurrentMap<Sku, Watched> watched = new ConcurrentHashMap<>();

    /**
     * Wires the use case.
     *
     * @param listings what there is, perhaps a second old
     * @param levels levels from the fastest layer
     * @param pauses waits
     */
    public LiveStock(Listings listings, StockLevels levels, Pauses pauses) {
        this.listings = listings;
        this.levels = levels;
        this.pauses = pauses;
    }

    /**
     * Watches a SKU.
     *
     * @param sku the SKU
     * @return its levels, from now on, without end unless the product is deleted; levels that follow each other may be the
     *     same; or {@link Refusal.UnknownSku}
     */
    public Uni<Outcome<Multi<StockLevel>>> watch(Sku sku) {
        return listings.find(sku)
                .map(listing -> listing.isPresent()
                        ? Outcome.done(
                                Multi.createFrom().emitter(emitter -> enter(sku, emitter), BackPressureStrategy.LATEST))
                        : Outcome.refused(new Refusal.UnknownSku(sku)));
    }

    /**
     * A SKU's level has changed: those who watch it are told at once.
     *
     * @param sku the SKU
     */
    public void look(Sku sku) {
        Watched it = watched.get(sku);
        if (it != null) {
            it.looking.wake();
        }
    }

    /**
     * How many SKUs are watched.
     *
     * @return 0 or more, at most one for each who watches
     */
    public int watched() {
        return watched.size();
    }

    private void enter(Sku sku, MultiEmitter<? super StockLevel> watcher) {
        @Nullable Watched[] begun = {null};
        Watched entered = watched.compute(sku, (same, present) -> {
            Watched it = present == null ? new Watched(sku) : present;
            begun[0] = present == null ? it : null;
            it.watchers.add(watcher);
            return it;
        });
        watcher.onTermination(() -> leave(sku, watcher));
        StockLevel last = entered.last;
        if (last != null) {
            watcher.emit(last);
        }
        Watched first = begun[0];
        if (first != null) {
            first.looking.run().subscribe().with(ended -> {});
        }
    }

    private void leave(Sku sku, MultiEmitter<? super StockLevel> watcher) {
        watched.computeIfPresent(sku, (same, it) -> {
            it.watchers.remove(watcher);
            if (it.watchers.isEmpty()) {
                it.looking.stop();
                return null;
            }
            return it;
        });
    }

    /** A SKU that somebody watches. */
    private final class Watched {
        private final Sku sku;
        private final Set<MultiEmitter<? super StockLevel>> watchers = ConcurrentHashMap.newKeySet();
        private final Repetition looking = new Repetition(this::look, pauses);
        private volatile @Nullable StockLevel last;

        Watched(Sku sku) {
            this.sku = sku;
        }

        /** A look that fails is made again. */
        private Uni<Duration> look() {
            return listings.find(sku)
                    .chain(this::lookAt)
                    .replaceWith(INTERVAL)
                    .onFailure()
                    .recoverWithItem(INTERVAL);
        }

        private Uni<Void> lookAt(Optional<Listing> listing) {
            if (listing.isEmpty()) {
                watchers.forEach(MultiEmitter::complete);
                return Uni.createFrom().voidItem();
            }
            return levels.level(listing.get()).invoke(this::tell).replaceWithVoid();
        }

        private void tell(StockLevel level) {
            last = level;
            watchers.forEach(it -> it.emit(level));
        }
    }
}
