package dev.flashstock.inventory;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Use case: the summaries follow the shards. Each process has a follower, and one of them leads: it has the {@link Lease},
 * reads the stream and writes the summaries.
 *
 * <p>A lease is renewed with each round. Who sees that one has not changed for {@link #PATIENCE}, by a clock of its own that
 * only measures, takes it (as the DynamoDB lock client and the Kinesis client library do). Who has lost it may not know, and
 * write what it has read: older levels, which newer ones do not give way to ({@link Summary}).
 */
public final class Follower {
    /** From the beginning of a round to that of the next, at least: a SKU's summary is written once in that time at most. */
    static final Duration ROUND = Duration.ofSeconds(1);

    /** How often the others look at the lease. */
    static final Duration WATCH = Duration.ofSeconds(2);

    /** A lease that has not changed for so long is over. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private final SummaryTable table;
    private final StockStream stream;
    private final String self;
    private final InstantSource clock;
    private final LongSupplier nanoTime;
    private final Pauses pauses;
    private final Listener listener;

    private @Nullable Run run;

    /**
     * Wires the use case.
     *
     * @param table the summaries, and the lease
     * @param stream what to follow
     * @param self this process, unlike any other that there was or will be
     * @param clock tells how far the summaries have come
     * @param nanoTime a clock that only measures
     * @param pauses waits
     * @param listener is told what happens
     */
    public Follower(
            SummaryTable table,
            StockStream stream,
            String self,
            InstantSource clock,
            LongSupplier nanoTime,
            Pauses pauses,
            Listener listener) {
        this.table = table;
        this.stream = stream;
        this.self = self;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.pauses = pauses;
        this.listener = listener;
    }

    /** Is told what happens. */
    public interface Listener {
        /**
         * This process leads now.
         *
         * @param term the lease's
         */
        void leads(long term);

        /**
         * This process does not lead any more: another one does, or may.
         *
         * @param term the lease's
         */
        void led(long term);

        /**
         * Records were read, and what they say is in the summaries.
         *
         * @param records how many
         */
        void read(int records);

        /**
         * Changes may have been missed, so that all summaries are of no use until their shards are counted again.
         *
         * @param generation the generation that begins
         */
        void missed(long generation);

        /**
         * Something went wrong; it is tried again by itself.
         *
         * @param failure what
         */
        void failed(Throwable failure);
    }

    /** Begins to follow, or to watch, unless it does already. */
    public synchronized void start() {
        if (run == null) {
            run = new Run();
            run.begin();
        }
    }

    /**
     * Finishes the round that is under way, and lets another process go on.
     *
     * @return completes when nothing is under way
     */
    public synchronized Uni<Void> stop() {
        Run ending = run;
        run = null;
        return ending == null ? Uni.createFrom().voidItem() : ending.end();
    }

    /**
     * How far behind the summaries are, if this process leads.
     *
     * @return the time; nothing when it does not lead, or has not come far enough to tell
     */
    public synchronized Optional<Duration> behind() {
        return Optional.ofNullable(run)
                .flatMap(it -> Optional.ofNullable(it.following))
                .map(Following::upTo)
                .filter(it -> !it.equals(Lease.NEVER))
                .map(it -> Duration.between(it, clock.instant()));
    }

    /** A lease of another process, and since when it has not changed. */
    private record Seen(Lease lease, long since) {
        boolean isOf(Lease other) {
            return lease.term() == other.term() && lease.beat() == other.beat();
        }
    }

    /** From one start to the next stop. */
    private final class Run {
        private final Repetition passes = new Repetition(this::survived, pauses);
        private Uni<Void> ended = Uni.createFrom().voidItem();
        private volatile @Nullable Following following;
        private @Nullable Seen seen;

        void begin() {
            ended = passes.run().call(this::leave).memoize().indefinitely();
            ended.subscribe().with(nothing -> {});
        }

        Uni<Void> end() {
            passes.stop();
            return ended;
        }

        /** Whatever ends a pass does not end the follower. */
        private Uni<Duration> survived() {
            Instant begun = clock.instant();
            Supplier<Uni<Void>> pass = following == null ? this::watch : this::follow;
            return Uni.createFrom()
                    .deferred(pass::get)
                    .onFailure()
                    .invoke(failure -> Told.guarded(() -> listener.failed(failure)))
                    .onFailure()
                    .recoverWithNull()
                    .map(done -> rest(begun));
        }

        private Duration rest(Instant begun) {
            if (following == null) {
                return WATCH;
            }
            Duration rest = ROUND.minus(Duration.between(begun, clock.instant()));
            boolean clockWasPutBack = rest.compareTo(ROUND) > 0;
            return rest.isNegative() ? Duration.ZERO : clockWasPutBack ? ROUND : rest;
        }

        private Uni<Void> watch() {
            return table.lease().chain(found -> {
                if (found.isEmpty()) {
                    return take(found, Lease.first(self));
                }
                Lease lease = found.get();
                if (lease.owner().equals(self)) { // taken before, and the answer was lost
                    lead(lease);
                    return Uni.createFrom().voidItem();
                }
                return isOver(lease)
                        ? take(found, lease.takenBy(self))
                        : Uni.createFrom().voidItem();
            });
        }

        private boolean isOver(Lease lease) {
            long now = nanoTime.getAsLong();
            Seen before = seen;
            if (before == null || !before.isOf(lease)) {
                before = new Seen(lease, now);
                seen = before;
            }
            return lease.isLeft() || now - before.since() >= PATIENCE.toNanos();
        }

        private Uni<Void> take(Optional<Lease> before, Lease next) {
            return table.take(before, next)
                    .invoke(attempt -> {
                        if (attempt == Attempt.DONE) {
                            lead(next);
                        }
                    })
                    .replaceWithVoid();
        }

        private void lead(Lease lease) {
            following = new Following(lease, stream, table, clock, listener);
            seen = null;
            Told.guarded(() -> listener.leads(lease.term()));
        }

        private Uni<Void> follow() {
            Following leading = following;
            return leading == null
                    ? Uni.createFrom().voidItem()
                    : leading.round()
                            .invoke(attempt -> {
                                if (attempt == Attempt.CHANGED) {
                                    led(leading);
                                }
                            })
                            .replaceWithVoid();
        }

        private void led(Following leading) {
            following = null;
            Told.guarded(() -> listener.led(leading.term()));
        }

        /** That another may begin at once is worth one try. */
        private Uni<Void> leave() {
            Following leading = following;
            if (leading == null) {
                return Uni.createFrom().voidItem();
            }
            led(leading);
            return leading.leave().replaceWithVoid().onFailure().recoverWithNull();
        }
    }
}
