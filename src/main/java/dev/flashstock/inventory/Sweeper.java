package dev.flashstock.inventory;

import dev.flashstock.sharding.Ownership;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Use case: holds whose time is over come back, whatever happens to pods. Every pod has a sweeper and none leads; two that
 * settle the same thing do no harm ({@link Expirations}).
 *
 * <p>It makes two kinds of passes. Every interval it looks into all buckets of the present minute and the one before, and
 * gives back to those shards that are its pod's own: who sells from a shard gives back to it, so that nobody is in the way
 * of another. What is late all the same, or has no owner, the pod gives back to which its bucket belongs. And once a
 * minute, at a random second, it gives back whatever is due in the {@link #RECENT} minutes before those: what a pod that
 * is dead, stuck, or has a wrong clock has left there. Minutes that could not be emptied, or went by without a pass, are
 * looked into again until they lie behind the look back, and a sweeper that starts takes everything since then for such,
 * {@link #HEAD_START} after its start. The newest come first, and of a minute the own buckets.
 */
public final class Sweeper {
    /** What is looked into once a minute even if nothing was left there. */
    static final Duration RECENT = Duration.ofMinutes(15);

    /** What is long due waits until a process that starts, and for which users wait, has begun to work. */
    static final Duration HEAD_START = Duration.ofSeconds(5);

    /** So late nobody is relied upon any more who lives and does nothing. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final String BUCKETS = "expiries";

    private final ExpiryTable table;
    private final Expirations expirations;
    private final Listings listings;
    private final Neighbours neighbours;
    private final Pods pods;
    private final Setting setting;
    private final InstantSource clock;
    private final Pauses pauses;
    private final IntUnaryOperator random;
    private final FailureListener failures;

    private @Nullable Run run;

    /**
     * Wires the use case.
     *
     * @param table what is due
     * @param expirations settles it
     * @param listings layouts, perhaps a second old
     * @param neighbours whose shards are whose
     * @param pods those that share the buckets
     * @param setting how often, and how far back
     * @param clock tells what is due
     * @param pauses waits
     * @param random a number from 0 to one less than its argument
     * @param failures is told what went wrong
     */
    public Sweeper(
            ExpiryTable table,
            Expirations expirations,
            Listings listings,
            Neighbours neighbours,
            Pods pods,
            Setting setting,
            InstantSource clock,
            Pauses pauses,
            IntUnaryOperator random,
            FailureListener failures) {
        this.table = table;
        this.expirations = expirations;
        this.listings = listings;
        this.neighbours = neighbours;
        this.pods = pods;
        this.setting = setting;
        this.clock = clock;
        this.pauses = pauses;
        this.random = random;
        this.failures = failures;
    }

    /**
     * How often, and how far back.
     *
     * @param interval from the beginning of a pass through the own buckets to that of the next, {@link #SHORTEST_INTERVAL}
     *     to {@link #LONGEST_INTERVAL}
     * @param lookBack how old expiries may be and still be found, {@link #SHORTEST_LOOK_BACK} to {@link
     *     #LONGEST_LOOK_BACK}
     */
    public record Setting(Duration interval, Duration lookBack) {
        /** Below it the passes cost more than they bring. */
        public static final Duration SHORTEST_INTERVAL = Duration.ofMillis(100);
        /** A minute is looked into at least twice. */
        public static final Duration LONGEST_INTERVAL = Duration.ofSeconds(30);
        /** As far as a pod looks back in any case. */
        public static final Duration SHORTEST_LOOK_BACK = RECENT;
        /** A start makes {@value ExpiryTable#BUCKETS} queries for each of its minutes. */
        public static final Duration LONGEST_LOOK_BACK = Duration.ofDays(7);

        /**
         * Checks the bounds.
         *
         * @throws IllegalArgumentException when one of them is not kept
         */
        public Setting {
            if (!isBetween(interval, SHORTEST_INTERVAL, LONGEST_INTERVAL)) {
                throw new IllegalArgumentException("The interval is 100ms to 30s, not " + interval);
            }
            if (!isBetween(lookBack, SHORTEST_LOOK_BACK, LONGEST_LOOK_BACK)) {
                throw new IllegalArgumentException("The look back is 15m to 7d, not " + lookBack);
            }
        }

        private static boolean isBetween(Duration time, Duration least, Duration most) {
            return time.compareTo(least) >= 0 && time.compareTo(most) <= 0;
        }
    }

    /** Is told what went wrong; it is tried again by itself. */
    @FunctionalInterface
    public interface FailureListener {
        /**
         * A pass has ended in which something failed. Two passes may end at the same time.
         *
         * @param failures how many of its queries and settlements have failed, at least 1
         * @param first the first failure
         */
        void failed(int failures, Throwable first);
    }

    /** Begins to sweep, unless it does already. */
    public synchronized void start() {
        if (run == null) {
            run = new Run();
            run.begin();
        }
    }

    /**
     * Begins nothing more, and finishes what it has begun.
     *
     * @return completes when nothing is under way: after a few calls to the table at most
     */
    public synchronized Uni<Void> stop() {
        Run ending = run;
        run = null;
        return ending == null ? Uni.createFrom().voidItem() : ending.end();
    }

    /** From one start to the next stop. */
    private final class Run {
        private final Repetition own = new Repetition(() -> survived(this::passThroughOwn, setting.interval()), pauses);
        private final Repetition all = new Repetition(() -> survived(this::passThroughAll, MINUTE), pauses);
        private final Sweep ofMine = new Sweep(table, expirations, clock, Sweeper.this::isMine, own::isStopped);
        private final Sweep ofAnybodys =
                new Sweep(table, expirations, clock, any -> Uni.createFrom().item(true), own::isStopped);
        private Uni<Void> ended = Uni.createFrom().voidItem();

        // Touched by the one pass through all that is under way.
        private final NavigableSet<Instant> unfinished = new TreeSet<>();
        private @Nullable Instant lastBegun;

        void begin() {
            ended = Uni.join()
                    .all(own.run(), all.run(HEAD_START))
                    .andFailFast()
                    .replaceWithVoid()
                    .memoize()
                    .indefinitely();
            ended.subscribe().with(nothing -> {});
        }

        Uni<Void> end() {
            own.stop();
            all.stop();
            return ended;
        }

        /** Whatever ends a pass does not end the sweeper. */
        private Uni<Duration> survived(Supplier<Uni<Duration>> pass, Duration rest) {
            return Uni.createFrom()
                    .deferred(pass::get)
                    .onFailure()
                    .invoke(failure -> tell(1, failure))
                    .onFailure()
                    .recoverWithItem(rest);
        }

        private Uni<Duration> passThroughOwn() {
            Instant begun = clock.instant();
            List<Integer> buckets =
                    IntStream.range(0, ExpiryTable.BUCKETS).boxed().toList();
            Stream<Sweep.Place> places = Stream.of(minuteOf(begun).minus(MINUTE), minuteOf(begun))
                    .flatMap(minute -> places(minute, buckets));
            return ofMine.through(places).invoke(this::tell).map(outcome -> restOfInterval(begun));
        }

        private Duration restOfInterval(Instant begun) {
            Duration rest = setting.interval().minus(Duration.between(begun, clock.instant()));
            boolean clockWasPutBack = rest.compareTo(setting.interval()) > 0;
            return rest.isNegative() ? Duration.ZERO : clockWasPutBack ? setting.interval() : rest;
        }

        private Uni<Duration> passThroughAll() {
            Instant begun = clock.instant();
            addUnfinished(begun);
            List<Instant> minutes = List.copyOf(unfinished.descendingSet());
            List<Integer> buckets = ownBuckets();
            Stream<Sweep.Place> places = Stream.of(buckets, others(buckets))
                    .flatMap(part -> minutes.stream().flatMap(it -> places(it, part)));
            return ofAnybodys.through(places).invoke(this::tell).map(outcome -> {
                unfinished.removeIf(minute -> outcome.emptied(minute, ExpiryTable.BUCKETS));
                lastBegun = begun;
                return restUntilAnySecondOfTheNextMinute();
            });
        }

        private void addUnfinished(Instant now) {
            Instant oldest = minuteOf(now.minus(setting.lookBack()));
            Instant from = lastBegun == null
                    ? oldest
                    : minuteOf(earlier(lastBegun, now).minus(RECENT));
            Stream.iterate(later(from, oldest), it -> it.plus(MINUTE))
                    .takeWhile(it -> it.isBefore(minuteOf(now).minus(MINUTE)))
                    .forEach(unfinished::add);
            unfinished.headSet(oldest).clear();
        }

        private Duration restUntilAnySecondOfTheNextMinute() {
            Instant now = clock.instant();
            Duration rest = Duration.between(now, minuteOf(now).plus(MINUTE));
            return rest.plusMillis(random.applyAsInt((int) MINUTE.toMillis()));
        }

        private void tell(Sweep.Outcome outcome) {
            Throwable first = outcome.first();
            if (first != null) {
                tell(outcome.failures(), first);
            }
        }

        private void tell(int count, Throwable first) {
            Told.guarded(() -> failures.failed(count, first));
        }
    }

    /**
     * Who sells from a shard gives back to it, so that nobody is in the way of another. What nobody sells, and what is so
     * late that its owner cannot be relied upon, is up to its bucket's owner.
     */
    private Uni<Boolean> isMine(Expiry expiry) {
        return listings.find(expiry.sku()).map(listing -> {
            Optional<Boolean> isOwn = listing.map(Listing::layout)
                    .filter(it -> expiry.shard() < it.writeShards())
                    .map(it -> neighbours.leads(expiry.sku(), it, expiry.shard()));
            boolean isLate = expiry.dueAt().plus(PATIENCE).isBefore(clock.instant());
            return isOwn.orElse(false)
                    || ((isOwn.isEmpty() || isLate) && ownBuckets().contains(expiry.bucket()));
        });
    }

    private static Stream<Sweep.Place> places(Instant minute, List<Integer> buckets) {
        return buckets.stream().map(bucket -> new Sweep.Place(minute, bucket));
    }

    /** Each bucket has one owner: where there are more pods than buckets, some have none. */
    private List<Integer> ownBuckets() {
        Set<String> living = pods.living();
        List<String> owners =
                living.stream().sorted().limit(ExpiryTable.BUCKETS).toList();
        return Ownership.of(BUCKETS, ExpiryTable.BUCKETS, owners).shardsOf(pods.self());
    }

    private static List<Integer> others(List<Integer> own) {
        return IntStream.range(0, ExpiryTable.BUCKETS)
                .boxed()
                .filter(bucket -> !own.contains(bucket))
                .toList();
    }

    private static Instant minuteOf(Instant moment) {
        return moment.truncatedTo(ChronoUnit.MINUTES);
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
