package dev.flashstock.inventory;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One pass through buckets of expiries: what is due there is settled. A few buckets are looked into at a time, and a few
 * expiries of each are settled at a time.
 */
final class Sweep {
    /** How many buckets are looked into at a time. */
    static final int BUCKETS_AT_ONCE = 8;
    /** How many expiries of a bucket are settled at a time. */
    static final int SETTLEMENTS_AT_ONCE = 4;
    /** How many expiries are read at a time. */
    static final int PAGE = 200;
    /** How many pages of a bucket are read in a pass. */
    static final int MOST_PAGES = 50;

    private final ExpiryTable table;
    private final Expirations expirations;
    private final InstantSource clock;
    private final Function<Expiry, Uni<Boolean>> mine;
    private final BooleanSupplier stopped;

    /**
     * Prepares a pass.
     *
     * @param table what is due
     * @param expirations settles it
     * @param clock tells what is due
     * @param mine whether an expiry is to be settled here
     * @param stopped whether to begin nothing more
     */
    Sweep(
            ExpiryTable table,
            Expirations expirations,
            InstantSource clock,
            Function<Expiry, Uni<Boolean>> mine,
            BooleanSupplier stopped) {
        this.table = table;
        this.expirations = expirations;
        this.clock = clock;
        this.mine = mine;
        this.stopped = stopped;
    }

    /**
     * Where expiries are.
     *
     * @param minute the minute's beginning
     * @param bucket 0 to one less than {@value ExpiryTable#BUCKETS}
     */
    record Place(Instant minute, int bucket) {}

    /** What came of a pass, or of a part of one. */
    static final class Outcome {
        private final Map<Instant, Integer> emptied = new HashMap<>();
        private int settled;
        private int left;
        private int failures;
        private @Nullable Throwable first;

        private Outcome with(Expirations.Settlement settlement) {
            settled += settlement == Expirations.Settlement.DONE ? 1 : 0;
            return this;
        }

        private Outcome with(Throwable failure) {
            failures++;
            first = failure;
            return this;
        }

        private Outcome emptied(Instant minute) {
            emptied.put(minute, 1);
            return this;
        }

        private void add(Outcome other) {
            other.emptied.forEach((minute, buckets) -> emptied.merge(minute, buckets, Integer::sum));
            settled += other.settled;
            failures += other.failures;
            first = first == null ? other.first : first;
        }

        /** Whether nothing due was left in any bucket of a minute. */
        boolean emptied(Instant minute, int buckets) {
            return emptied.getOrDefault(minute, 0) == buckets;
        }

        /** How many queries and settlements have failed. */
        int failures() {
            return failures;
        }

        /** The first failure, if there was any. */
        @Nullable
        Throwable first() {
            return first;
        }
    }

    /**
     * Looks into buckets.
     *
     * @param places which, in their order
     * @return what came of it; never fails
     */
    Uni<Outcome> through(Stream<Place> places) {
        return Multi.createFrom()
                .items(places)
                .select()
                .first(place -> !stopped.getAsBoolean())
                .onItem()
                .transformToUni(this::through)
                .merge(BUCKETS_AT_ONCE)
                .collect()
                .in(Outcome::new, Outcome::add);
    }

    private Uni<Outcome> through(Place place) {
        return through(place, null, MOST_PAGES, new Outcome());
    }

    private Uni<Outcome> through(Place place, @Nullable Expiry after, int pages, Outcome before) {
        return Uni.createFrom()
                .deferred(() -> table.due(place.minute(), place.bucket(), after, clock.instant(), PAGE))
                .chain(due -> settle(due).chain(page -> {
                    before.add(page);
                    before.left += due.size() - page.settled;
                    return goOn(place, due, pages - 1, before);
                }))
                .onFailure()
                .recoverWithItem(failure -> before.with(failure));
    }

    private Uni<Outcome> goOn(Place place, List<Expiry> due, int pages, Outcome all) {
        if (due.size() == PAGE && pages > 0 && !stopped.getAsBoolean()) {
            return through(place, due.get(PAGE - 1), pages, all);
        }
        boolean nothingLeft = due.size() < PAGE && all.left == 0;
        return Uni.createFrom().item(nothingLeft ? all.emptied(place.minute()) : all);
    }

    private Uni<Outcome> settle(List<Expiry> due) {
        return Multi.createFrom()
                .iterable(due)
                .select()
                .first(expiry -> !stopped.getAsBoolean())
                .onItem()
                .transformToUni(this::settle)
                .merge(SETTLEMENTS_AT_ONCE)
                .collect()
                .in(Outcome::new, Outcome::add);
    }

    private Uni<Outcome> settle(Expiry expiry) {
        return Uni.createFrom()
                .deferred(() -> mine.apply(expiry))
                .chain(isMine ->
                        isMine ? expirations.settle(expiry) : Uni.createFrom().item(Expirations.Settlement.AGAIN))
                .map(settlement -> new Outcome().with(settlement))
                .onFailure()
                .recoverWithItem(failure -> new Outcome().with(failure));
    }
}
