package dev.flashstock.inventory;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.flashstock.sharding.Layout;
import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Refusal;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Sees to it that layouts become what is wanted, and that a SKU with a hot shard gets twice as many shards, until none is
 * hot. Long after it has cooled down it gets half as many, down to those that somebody chose.
 *
 * <p>Who was asked for a change carries it out. When nothing happens any more the one that leads the SKU's first shard goes
 * on, and if that one does not know of it, any that does.
 */
public final class LayoutKeeper {
    /** From one look at what is hot to the next. */
    static final Duration INTERVAL = Duration.ofSeconds(1);
    /** How long a layout may stay as it is in the middle of a change: longer than any step takes. */
    static final Duration PATIENCE = Duration.ofSeconds(15);
    /** After a change, what is hot is what was hot before. */
    static final Duration REST = Duration.ofSeconds(7);
    /** The most changes that one process carries out at a time. */
    static final int MAX_AT_ONCE = 16;
    /** The most changes that it sees through to their end; the others are found by whoever leads. */
    private static final int MAX_UNFINISHED = 1_000;
    /** The most SKUs that are watched. */
    private static final int MAX_WATCHED = 10_000;

    private final Layouts layouts;
    private final Supplier<Collection<Listing>> listings;
    private final Supplier<Set<Sku>> hot;
    private final Neighbours neighbours;
    private final Setting setting;
    private final InstantSource clock;
    private final Listener listener;
    private final Repetition watch;
    private final Cache<Sku, Watched> watched;
    private final Set<Sku> underWay = ConcurrentHashMap.newKeySet();
    private final Set<Sku> unfinished = ConcurrentHashMap.newKeySet();

    /**
     * How far it goes by itself.
     *
     * @param automatic whether it changes how many shards are wanted
     * @param mostShards to how many it grows at most, 1 to {@value Layout#MAX_SHARDS}
     * @param coolDown how long nothing is hot before it shrinks, 1 minute to 7 days
     */
    public record Setting(boolean automatic, int mostShards, Duration coolDown) {
        /**
         * Checks the bounds.
         *
         * @throws IllegalArgumentException when something is out of bounds
         */
        public Setting {
            if (mostShards < 1 || mostShards > Layout.MAX_SHARDS) {
                throw new IllegalArgumentException(
                        "a SKU has 1 to " + Layout.MAX_SHARDS + " shards, not " + mostShards);
            }
            if (coolDown.compareTo(Duration.ofMinutes(1)) < 0 || coolDown.compareTo(Duration.ofDays(7)) > 0) {
                throw new IllegalArgumentException("a SKU cools down for 1m to 7d, not " + coolDown);
            }
        }
    }

    /** Why another number of shards is wanted. */
    public enum Why {
        /** Somebody has chosen it. */
        CHOSEN,
        /** A shard is hot. */
        HOT,
        /** None has been hot for long. */
        COOL
    }

    /** Is told what becomes of layouts. */
    public interface Listener {
        /**
         * Another number of shards is wanted.
         *
         * @param sku whose
         * @param layout what it has, and what is wanted
         * @param why why
         */
        void wanted(Sku sku, Layout layout, Why why);

        /**
         * A change could not be carried out to its end. Somebody will go on.
         *
         * @param sku whose
         * @param failure why
         */
        void failed(Sku sku, Throwable failure);
    }

    /** A SKU's shards, since when they are these, and when one of them was hot. */
    private record Watched(Layout layout, Instant since, Instant hot) {
        Watched at(Layout now, Instant at) {
            boolean same = layout.writeShards() == now.writeShards()
                    && layout.readShards() == now.readShards()
                    && layout.wantedShards() == now.wantedShards();
            return same ? this : new Watched(now, at, hot);
        }

        Watched hotAt(Instant at) {
            return new Watched(layout, since, at);
        }

        boolean isUnchangedFor(Duration time, Instant now) {
            return !since.plus(time).isAfter(now);
        }

        boolean isCoolFor(Duration time, Instant now) {
            return isUnchangedFor(time, now) && !hot.plus(time).isAfter(now);
        }
    }

    /**
     * Wires the use case.
     *
     * @param layouts changes layouts
     * @param listings those that this process deals with, perhaps a second old
     * @param hot the SKUs of which a shard is hot, in all processes
     * @param neighbours tells which process looks after a SKU
     * @param setting how far it goes
     * @param clock the time
     * @param pauses waits
     * @param listener is told
     */
    public LayoutKeeper(
            Layouts layouts,
            Supplier<Collection<Listing>> listings,
            Supplier<Set<Sku>> hot,
            Neighbours neighbours,
            Setting setting,
            InstantSource clock,
            Pauses pauses,
            Listener listener) {
        this.layouts = layouts;
        this.listings = listings;
        this.hot = hot;
        this.neighbours = neighbours;
        this.setting = setting;
        this.clock = clock;
        this.listener = listener;
        this.watch = new Repetition(this::look, pauses);
        this.watched = Caffeine.newBuilder().maximumSize(MAX_WATCHED).build();
    }

    /** Begins to watch. */
    public void start() {
        watch.run().subscribe().with(ended -> {});
    }

    /** Begins nothing any more. What is under way goes on as long as the process does, and then another one goes on. */
    public void stop() {
        watch.stop();
    }

    /**
     * Somebody chooses how many shards a SKU has. The change goes on when this completes.
     *
     * @param sku whose
     * @param shards how many, 1 to {@value Layout#MAX_SHARDS}
     * @return the layout, in which so many are wanted; or {@link Refusal.UnknownSku}; fails with {@link Unavailable}
     */
    public Uni<Outcome<Layout>> choose(Sku sku, int shards) {
        return layouts.choose(sku, shards).invoke(outcome -> goOn(sku, outcome, Why.CHOSEN));
    }

    /**
     * Looks a layout up. When it is in the middle of a change with which nobody goes on, this process does.
     *
     * @param sku whose
     * @return the layout as it is now, or {@link Refusal.UnknownSku}; fails with {@link Unavailable}
     */
    public Uni<Outcome<Layout>> find(Sku sku) {
        return layouts.find(sku).invoke(outcome -> {
            if (outcome instanceof Outcome.Done<Layout> done) {
                look(sku, done.value(), false);
            }
        });
    }

    private Uni<Duration> look() {
        Told.guarded(() -> {
            Set<Sku> nowHot = setting.automatic() ? hot.get() : Set.of();
            listings.get()
                    .forEach(it -> look(
                            it.product().sku(),
                            it.layout(),
                            nowHot.contains(it.product().sku())));
            unfinished.forEach(this::carryOut);
        });
        return Uni.createFrom().item(INTERVAL);
    }

    private void look(Sku sku, Layout layout, boolean isHot) {
        Instant now = clock.instant();
        Watched it = watched.asMap().compute(sku, (same, known) -> {
            Watched seen = known == null ? new Watched(layout, now, now) : known.at(layout, now);
            return isHot ? seen.hotAt(now) : seen;
        });
        int shards = layout.writeShards();
        int more = Math.min(2 * shards, setting.mostShards());
        if (!layout.isSteady()) {
            Duration patience = leads(sku, layout) ? PATIENCE : PATIENCE.multipliedBy(4);
            if (it.isUnchangedFor(patience, now)) {
                carryOut(sku);
            }
        } else if (isHot && shards < more && it.isUnchangedFor(REST, now)) {
            adapt(sku, layout, more, Why.HOT);
        } else if (setting.automatic() && shards > layout.chosenShards() && it.isCoolFor(setting.coolDown(), now)) {
            adapt(sku, layout, Math.max(shards / 2, layout.chosenShards()), Why.COOL);
        }
    }

    private boolean leads(Sku sku, Layout layout) {
        return neighbours.leads(sku, layout, 0);
    }

    private void adapt(Sku sku, Layout layout, int to, Why why) {
        if (leads(sku, layout)) {
            layouts.adapt(sku, layout.writeShards(), to)
                    .subscribe()
                    .with(outcome -> goOn(sku, outcome, why), failure -> failed(sku, failure));
        }
    }

    private void goOn(Sku sku, Outcome<Layout> outcome, Why why) {
        if (outcome instanceof Outcome.Done<Layout> done && !done.value().isSteady()) {
            listener.wanted(sku, done.value(), why);
            carryOut(sku);
        }
    }

    /** What cannot be done now, or fails, is tried again at the next look. */
    private void carryOut(Sku sku) {
        if (unfinished.size() < MAX_UNFINISHED) {
            unfinished.add(sku);
        }
        if (!watch.isStopped() && underWay.size() < MAX_AT_ONCE && underWay.add(sku)) {
            layouts.carryOut(sku)
                    .invoke(() -> unfinished.remove(sku))
                    .onTermination()
                    .invoke(() -> underWay.remove(sku))
                    .subscribe()
                    .with(done -> {}, failure -> failed(sku, failure));
        }
    }

    private void failed(Sku sku, Throwable failure) {
        if (!watch.isStopped()) {
            listener.failed(sku, failure);
        }
    }
}
