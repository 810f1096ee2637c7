package dev.flashstock.inventory;

import dev.flashstock.inventory.LedgerTable.Position;
import dev.flashstock.sharding.Spread;
import dev.flashstock.stock.Adjustment;
import dev.flashstock.stock.Movement;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ShardLevel;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.LongConsumer;

/**
 * Counts a SKU's books once: reads its shards, its adjustments, its ledger hour by hour and bucket by bucket, and each
 * reservation that the ledger takes units for, and its shards again.
 *
 * <p>A snapshot of the shards is one only while no transaction is under way on them. When the shards have the same
 * versions in a snapshot before and in one after, no transaction that brings or takes units has happened between, nor
 * was one half seen: all that was read belongs together, and the count is exact. Otherwise each movement whose time lies
 * within the count, or so little before it that it may have happened within, may have been seen in one of the items that
 * it changed and not in another: all of its units are in flight. When they are fewer than the shards' changes, what is in
 * flight is not known, and the count fails.
 */
final class Count {
    /** A movement may happen so much later than it says: it is sent again for some seconds, and clocks differ. */
    static final Duration LATEST = Duration.ofMinutes(1);

    private static final int MOVEMENTS_AT_ONCE = 50;
    private static final int ITEMS_AT_ONCE = 300;
    private static final int BUCKETS_AT_ONCE = 8;
    private static final int HOURS_AT_ONCE = 24;
    private static final int ADJUSTMENTS_AT_ONCE = 500;
    private static final int TRIES = 5;
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(20);
    private static final String UNKNOWN_CHANGES =
            "Shards have changed, and the ledger has no movement of that time: the"
                    + " clock of a process is wrong by more than a minute, or something else than flashstock writes to the table";

    private final Audits.Source source;
    private final Sku sku;
    private final int readShards;
    private final Tally tally;
    private final LongConsumer progress;

    /**
     * What was counted.
     *
     * @param tally the sums
     * @param available the shards' units
     * @param versions the shards' versions, all together
     * @param inFlight the units that were brought or taken meanwhile: 0 if it is exact, and only then
     */
    record Counted(Tally tally, long available, long versions, long inFlight) {
        boolean exact() {
            return inFlight == 0;
        }

        long difference() {
            return certain(tally.stocked() - available - tally.held() - tally.confirmed());
        }

        /** What the shards lack of all that the ledger has brought and taken. */
        long shards() {
            return certain(tally.shouldBeAvailable() - available);
        }

        private long certain(long units) {
            return Long.signum(units) * Math.max(0, Math.abs(units) - inFlight);
        }
    }

    /**
     * Begins to count.
     *
     * @param source where
     * @param sku what
     * @param readShards its shards
     * @param tally the sums, empty
     * @param progress is told how many movements more were read, from time to time
     */
    Count(Audits.Source source, Sku sku, int readShards, Tally tally, LongConsumer progress) {
        this.source = source;
        this.sku = sku;
        this.readShards = readShards;
        this.tally = tally;
        this.progress = progress;
    }

    /**
     * Counts.
     *
     * @param suspects whose items are counted even if the ledger takes no units for them
     * @return what was counted; fails with {@link Tally.TooMuch} and with {@link Unavailable}
     */
    Uni<Counted> run(Collection<Reservation.Key> suspects) {
        Instant begin = source.clock().instant();
        return still(1).chain(before -> levels(before)
                .chain(first -> read(Ledger.BEGINNING, this::add)
                        .chain(this::addAdjustments)
                        .chain(() -> addUnheld(tally.notTaken(suspects)))
                        .chain(() -> still(1))
                        .chain(after -> before.isPresent() && before.equals(after)
                                ? Uni.createFrom().item(counted(first, 0))
                                : levels(Optional.empty()).chain(last -> moved(begin, first, last, 1)))));
    }

    private Uni<Optional<List<ShardLevel>>> still(int number) {
        return patiently(source.stock().snapshot(sku, readShards))
                .chain(levels -> levels.isPresent() || number == TRIES
                        ? Uni.createFrom().item(levels)
                        : source.pauses().of(BETWEEN_TRIES).chain(() -> still(number + 1)));
    }

    private Uni<List<ShardLevel>> levels(Optional<List<ShardLevel>> known) {
        return known.map(it -> Uni.createFrom().item(it))
                .orElseGet(() -> patiently(source.stock().gather(sku, readShards)));
    }

    /** What has moved meanwhile: there is a movement for every change of a shard, perhaps seen a moment later. */
    private Uni<Counted> moved(Instant begin, List<ShardLevel> first, List<ShardLevel> last, int number) {
        AtomicLong units = new AtomicLong();
        AtomicLong changes = new AtomicLong();
        return read(begin.minus(LATEST), movements -> {
                    movements.forEach(it -> units.addAndGet(units(it)));
                    movements.forEach(it -> changes.addAndGet(it.changes().size()));
                    return Uni.createFrom().voidItem();
                })
                .chain(() -> {
                    if (changes.get() >= versions(last) - versions(first)) {
                        return Uni.createFrom().item(counted(last, Math.max(1, units.get())));
                    }
                    return number == TRIES
                            ? Uni.createFrom().failure(new Tally.TooMuch(UNKNOWN_CHANGES))
                            : source.pauses().of(BETWEEN_TRIES).chain(() -> moved(begin, first, last, number + 1));
                });
    }

    /** All that a half seen movement can make of any sum. */
    private static long units(Movement movement) {
        return Math.max(
                movement.lines().stream().mapToLong(it -> Math.abs(it.units())).sum(),
                movement.changes().stream()
                        .mapToLong(it -> Math.abs(it.units()))
                        .sum());
    }

    private Counted counted(List<ShardLevel> levels, long inFlight) {
        return new Counted(tally, Spread.total(levels), versions(levels), inFlight);
    }

    /** The shards' versions, all together. */
    static long versions(List<ShardLevel> levels) {
        return levels.stream().mapToLong(ShardLevel::version).sum();
    }

    // The ledger, hour by hour: hours that begin meanwhile come last

    private Uni<Void> read(Instant from, Function<List<Movement>, Uni<Void>> each) {
        return Multi.createBy()
                .repeating()
                .uni(() -> new AtomicReference<>(from), this::nextHours)
                .whilst(hours -> !hours.isEmpty())
                .onItem()
                .transformToMultiAndConcatenate(hours -> Multi.createFrom().iterable(hours))
                .onItem()
                .invoke(hour -> tally.addHour())
                .onItem()
                .transformToUniAndConcatenate(hour -> readHour(hour, new Position(from, ""), each))
                .collect()
                .last()
                .replaceWithVoid();
    }

    private Uni<List<Instant>> nextHours(AtomicReference<Instant> from) {
        return patiently(source.ledger().hours(sku, Objects.requireNonNull(from.get()), Ledger.END, HOURS_AT_ONCE))
                .invoke(hours -> {
                    if (!hours.isEmpty()) {
                        from.set(hours.get(hours.size() - 1).plus(Duration.ofHours(1)));
                    }
                });
    }

    private Uni<Boolean> readHour(Instant hour, Position after, Function<List<Movement>, Uni<Void>> each) {
        return Multi.createFrom()
                .range(0, LedgerTable.BUCKETS)
                .onItem()
                .transformToUni(bucket -> readBucket(hour, bucket, after, each))
                .merge(BUCKETS_AT_ONCE)
                .collect()
                .last();
    }

    private Uni<Boolean> readBucket(
            Instant hour, int bucket, Position after, Function<List<Movement>, Uni<Void>> each) {
        return Multi.createBy()
                .repeating()
                .uni(() -> new AtomicReference<>(after), place -> nextMovements(hour, bucket, place))
                .whilst(movements -> movements.size() == MOVEMENTS_AT_ONCE)
                .onItem()
                .transformToUniAndConcatenate(movements -> each.apply(movements).replaceWith(true))
                .collect()
                .last();
    }

    private Uni<List<Movement>> nextMovements(Instant hour, int bucket, AtomicReference<Position> place) {
        return patiently(source.ledger().movements(sku, hour, bucket, place.get(), MOVEMENTS_AT_ONCE))
                .invoke(movements -> {
                    if (!movements.isEmpty()) {
                        place.set(Position.of(movements.get(movements.size() - 1)));
                    }
                });
    }

    // What is counted

    private Uni<Void> add(List<Movement> movements) {
        Set<Reservation.Key> holders = new LinkedHashSet<>();
        movements.forEach(it -> holders.addAll(Tally.holders(it)));
        return items(holders)
                .invoke(items -> {
                    movements.forEach(it -> tally.add(it, items));
                    progress.accept(movements.size());
                })
                .replaceWithVoid();
    }

    private Uni<Map<Reservation.Key, Reservation>> items(Collection<Reservation.Key> keys) {
        List<Reservation.Key> all = new ArrayList<>(keys);
        Map<Reservation.Key, Reservation> items = new HashMap<>();
        return Multi.createBy()
                .repeating()
                .uni(AtomicLong::new, done -> {
                    int from = (int) done.getAndAdd(ITEMS_AT_ONCE);
                    int to = Math.min(all.size(), from + ITEMS_AT_ONCE);
                    return from >= to
                            ? Uni.createFrom().item(false)
                            : patiently(source.reservations().findAll(all.subList(from, to)))
                                    .invoke(found -> found.forEach(it -> items.put(it.key(), it)))
                                    .replaceWith(to < all.size());
                })
                .whilst(more -> more)
                .collect()
                .last()
                .replaceWith(items);
    }

    private Uni<Void> addUnheld(List<Reservation.Key> keys) {
        return items(keys)
                .invoke(items -> items.values().forEach(tally::addUnheld))
                .replaceWithVoid();
    }

    private Uni<Void> addAdjustments() {
        return Multi.createBy()
                .repeating()
                .uni(() -> new AtomicReference<>(""), this::nextAdjustments)
                .whilst(found -> found.size() == ADJUSTMENTS_AT_ONCE)
                .onItem()
                .invoke(found -> found.forEach(tally::add))
                .collect()
                .last()
                .replaceWithVoid();
    }

    private Uni<List<Adjustment>> nextAdjustments(AtomicReference<String> after) {
        return patiently(source.stock().adjustments(sku, Objects.requireNonNull(after.get()), ADJUSTMENTS_AT_ONCE))
                .invoke(found -> {
                    if (!found.isEmpty()) {
                        after.set(found.get(found.size() - 1).id());
                    }
                });
    }

    /** A count reads a great deal: one reading that fails does not end it. */
    private static <T> Uni<T> patiently(Uni<T> reading) {
        return reading.onFailure(Unavailable.class)
                .retry()
                .withBackOff(Duration.ofMillis(100), Duration.ofSeconds(2))
                .atMost(6);
    }
}
