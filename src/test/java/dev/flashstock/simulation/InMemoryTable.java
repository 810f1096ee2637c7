package dev.flashstock.simulation;

import static java.util.stream.Collectors.toMap;

import dev.flashstock.inventory.Attempt;
import dev.flashstock.inventory.AuditRun;
import dev.flashstock.inventory.AuditTable;
import dev.flashstock.inventory.Expiry;
import dev.flashstock.inventory.ExpiryTable;
import dev.flashstock.inventory.GroupCommit;
import dev.flashstock.inventory.LayoutTable;
import dev.flashstock.inventory.LedgerTable;
import dev.flashstock.inventory.Listing;
import dev.flashstock.inventory.Move;
import dev.flashstock.inventory.ProductTable;
import dev.flashstock.inventory.ReservationTable;
import dev.flashstock.inventory.StockTable;
import dev.flashstock.inventory.Unavailable;
import dev.flashstock.sharding.Layout;
import dev.flashstock.simulation.ItemStore.Begun;
import dev.flashstock.simulation.ItemStore.Code;
import dev.flashstock.simulation.ItemStore.Reason;
import dev.flashstock.simulation.ItemStore.Result;
import dev.flashstock.simulation.ItemStore.Transaction;
import dev.flashstock.simulation.ItemStore.Units;
import dev.flashstock.simulation.ItemStore.Write;
import dev.flashstock.stock.Adjustment;
import dev.flashstock.stock.Movement;
import dev.flashstock.stock.Portion;
import dev.flashstock.stock.Product;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ReservationId;
import dev.flashstock.stock.ShardLevel;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.UserId;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All ports of the table, over items in memory. It speaks for the real table as far as the contracts of the ports go,
 * which both are held to.
 */
final class InMemoryTable implements StockTable, ReservationTable, ProductTable, LayoutTable, ExpiryTable, LedgerTable {
    private static final Comparator<Expiry> IN_ORDER = Comparator.comparing(Expiry::dueAt)
            .thenComparing(Expiry::sku)
            .thenComparing(it -> String.valueOf(it.shard()))
            .thenComparing(Expiry::movedAt)
            .thenComparing(Expiry::movement);

    private final ItemStore store;
    private final Wire wire;

    /**
     * A view of the table from one end of a wire.
     *
     * @param store the items
     * @param wire the way there
     */
    InMemoryTable(ItemStore store, Wire wire) {
        this.store = store;
        this.wire = wire;
    }

    // Stock

    /** Each shard is read at a moment of its own, in any order. */
    @Override
    public Uni<Map<Sku, List<ShardLevel>>> gather(Map<Sku, Integer> readShards) {
        return wire.send((service, answer) -> {
            Map<Sku, SortedMap<Integer, ShardLevel>> levels = new HashMap<>();
            int[] unread = {
                readShards.values().stream().mapToInt(Integer::intValue).sum()
            };
            readShards.forEach((sku, shards) -> IntStream.range(0, shards)
                    .forEach(shard -> service.later(() -> {
                        levels.computeIfAbsent(sku, it -> new TreeMap<>()).put(shard, level(sku, shard));
                        if (--unread[0] == 0) {
                            answer.complete(inOrder(levels));
                        }
                    })));
        });
    }

    private static Map<Sku, List<ShardLevel>> inOrder(Map<Sku, SortedMap<Integer, ShardLevel>> levels) {
        return levels.entrySet().stream()
                .collect(
                        toMap(Map.Entry::getKey, it -> List.copyOf(it.getValue().values())));
    }

    @Override
    public Uni<Optional<List<ShardLevel>>> snapshot(Sku sku, int readShards) {
        return read(() -> IntStream.range(0, readShards).anyMatch(it -> store.isOccupied(new Key.Shard(sku, it)))
                ? Optional.empty()
                : Optional.of(IntStream.range(0, readShards)
                        .mapToObj(it -> level(sku, it))
                        .toList()));
    }

    private ShardLevel level(Sku sku, int number) {
        Units units = units(store.read(new Key.Shard(sku, number)));
        return new ShardLevel(number, units.available(), units.version(), units.moved(), units.closed());
    }

    @Override
    public Uni<GroupCommit.Result> commit(GroupCommit commit) {
        List<Write> writes = new ArrayList<>(3 + GroupCommit.MAX_ENTRIES);
        writes.add(change(commit.sku(), commit.shard(), commit.change()));
        writes.add(write(commit.movement()));
        commit.expiry().ifPresent(it -> writes.add(put(new Key.Due(it), it)));
        commit.holds().forEach(it -> writes.add(Write.putIfAbsent(key(it), it)));
        commit.returns().forEach(it -> writes.add(endOfHold(it)));
        commit.countedHolds().forEach(it -> writes.add(countAgainstLimit(it, it.units(), it.limit())));
        commit.countedReturns().forEach(it -> writes.add(countAgainstLimit(it, -it.units(), Long.MAX_VALUE)));
        Transaction transaction = new Transaction(commit.token(), commit, writes);
        return transact(transaction, result -> Meaning.of(commit, result));
    }

    private static Write put(Key key, Object item) {
        return new Write(key, old -> true, old -> item);
    }

    private static Write write(Movement movement) {
        return put(new Key.Movement(movement.sku(), movement.at(), movement.id()), movement);
    }

    private static Write countAgainstLimit(GroupCommit.Counted counted, long units, long limit) {
        return new Write(
                new Key.Limit(counted.user(), counted.sku()),
                old -> used(old) + units <= limit,
                old -> used(old) + units);
    }

    static long used(@Nullable Object item) {
        return item instanceof Long used ? used : 0;
    }

    @Override
    public Uni<Attempt> move(Move move) {
        List<Write> writes = new ArrayList<>();
        move.from().forEach(it -> writes.add(change(move.sku(), it.shard(), -it.units(), -it.units())));
        writes.add(change(move.sku(), move.to(), move.units(), move.units()));
        Movement movement = move.movement();
        writes.add(Write.putIfAbsent(new Key.Movement(movement.sku(), movement.at(), movement.id()), movement));
        return attempt(writes);
    }

    @Override
    public Uni<Attempt> adjust(Adjustment adjustment, List<Portion> portions) {
        return attempt(record(adjustment, portions, adjustment.movement(portions)));
    }

    @Override
    public Uni<Attempt> takeBack(Adjustment adjustment, List<Portion> portions, Reservation sold) {
        List<Write> writes = record(adjustment, portions, adjustment.movement(portions));
        writes.add(new Write(
                key(sold),
                old -> old instanceof Reservation there
                        && there.refusesReturnOf(adjustment.delta()).isEmpty(),
                old -> ((Reservation) present(old)).withReturnOf(adjustment.delta())));
        return attempt(writes);
    }

    @Override
    public Uni<Attempt> repair(Adjustment adjustment, List<Portion> portions, List<Movement.Line> lines, String audit) {
        List<Write> writes =
                record(adjustment, portions, adjustment.movement(portions).with(lines));
        writes.add(new Write(
                new Key.Audit(adjustment.sku()),
                old -> old instanceof AuditTable.Recorded there
                        && there.run().id().equals(audit)
                        && there.run().state() == AuditRun.State.DONE
                        && !there.repaired(),
                old -> repaired((AuditTable.Recorded) present(old))));
        return attempt(writes);
    }

    private static AuditTable.Recorded repaired(AuditTable.Recorded audits) {
        return new AuditTable.Recorded(audits.run(), audits.result(), true);
    }

    private static List<Write> record(Adjustment adjustment, List<Portion> portions, Movement movement) {
        List<Write> writes = new ArrayList<>();
        writes.add(Write.putIfAbsent(new Key.Adjustment(adjustment.sku(), adjustment.id()), adjustment));
        writes.add(new Write(
                new Key.Layout(adjustment.sku()), Layout.class::isInstance, old -> raised((Layout) present(old))));
        portions.forEach(
                it -> writes.add(change(adjustment.sku(), it.shard(), Long.signum(adjustment.delta()) * it.units())));
        writes.add(write(movement));
        return writes;
    }

    private static Layout raised(Layout layout) {
        return layout.reading(layout.readShards(), layout.moved());
    }

    private static Write change(Sku sku, int shard, long change) {
        return change(sku, shard, change, 0);
    }

    /** Nothing is taken that is not there, and nothing given to a closed shard. */
    private static Write change(Sku sku, int shard, long change, long moved) {
        return new Write(
                new Key.Shard(sku, shard),
                old -> change < 0
                        ? units(old).available() >= -change
                        : !units(old).closed(),
                old -> units(old).changed(change, moved));
    }

    /** A shard that never had a unit has no item. */
    private static Units units(@Nullable Object old) {
        return old instanceof Units units ? units : Units.NONE;
    }

    @Override
    public Uni<Optional<Adjustment>> adjustment(Sku sku, String id) {
        return read(() -> Optional.ofNullable((Adjustment) store.read(new Key.Adjustment(sku, id))));
    }

    @Override
    public Uni<List<Adjustment>> adjustments(Sku sku, String after, int limit) {
        return read(() -> all(Adjustment.class).stream()
                .filter(it -> it.sku().equals(sku) && it.id().compareTo(after) > 0)
                .sorted(Comparator.comparing(Adjustment::id))
                .limit(limit)
                .toList());
    }

    @Override
    public Uni<Long> stocked(Sku sku) {
        return read(() -> all(Adjustment.class).stream()
                .filter(it -> it.sku().equals(sku) && it.reason() != Adjustment.Reason.REPAIR)
                .mapToLong(Adjustment::delta)
                .sum());
    }

    // Reservations

    @Override
    public Uni<Optional<Reservation>> find(UserId user, ReservationId id) {
        return read(() -> Optional.ofNullable((Reservation) store.read(new Key.Reservation(user, id))));
    }

    @Override
    public Uni<List<Reservation>> list(UserId user, @Nullable ReservationId after, int limit) {
        return read(() -> all(Reservation.class).stream()
                .filter(it -> it.user().equals(user))
                .filter(it -> after == null || it.id().value().compareTo(after.value()) > 0)
                .sorted(Comparator.comparing(it -> it.id().value()))
                .limit(limit)
                .toList());
    }

    @Override
    public Uni<Optional<Reservation>> recordIfAbsent(Reservation reservation) {
        return write(Write.putIfAbsent(key(reservation), reservation), reason -> switch (reason.code()) {
            case NONE -> Optional.of(reservation);
            case CONDITION_FAILED -> Optional.of((Reservation) present(reason.old()));
            case CONFLICT, THROTTLED -> Optional.empty();
        });
    }

    @Override
    public Uni<List<Reservation>> findAll(List<Reservation.Key> keys) {
        return read(() -> keys.stream()
                .map(it -> store.read(new Key.Reservation(it.user(), it.id())))
                .filter(Reservation.class::isInstance)
                .map(Reservation.class::cast)
                .toList());
    }

    @Override
    public Multi<Reservation> search(Sku sku) {
        return read(() -> all(Reservation.class).stream()
                        .filter(it -> it.sku().equals(sku))
                        .filter(it ->
                                it.status() == Reservation.Status.HELD || it.status() == Reservation.Status.CONFIRMED)
                        .toList())
                .onItem()
                .transformToMulti(Multi.createFrom()::iterable);
    }

    @Override
    public Uni<Attempt> confirm(Reservation held, @Nullable String paymentReference) {
        return write(whileHeld(held, it -> true, it -> it.sold(paymentReference)), Meaning::attempt);
    }

    @Override
    public Uni<Attempt> extend(Reservation held, Instant until) {
        return write(
                whileHeld(held, it -> !hold(it).extended(), it -> it.with(hold(it).extendedTo(until))),
                Meaning::attempt);
    }

    private static Reservation.Hold hold(Reservation held) {
        return Objects.requireNonNull(held.hold());
    }

    private static Write endOfHold(GroupCommit.Return end) {
        boolean expires = end.becomes() == Reservation.Status.EXPIRED;
        return whileHeld(
                end.reservation(),
                it -> !expires
                        || Objects.equals(it.expiresAt(), end.reservation().expiresAt()),
                it -> it.as(end.becomes()));
    }

    private static Write whileHeld(
            Reservation held, Predicate<Reservation> condition, UnaryOperator<Reservation> change) {
        return new Write(
                key(held),
                old -> old instanceof Reservation there
                        && there.status() == Reservation.Status.HELD
                        && condition.test(there),
                old -> change.apply((Reservation) present(old)));
    }

    private static Key key(Reservation reservation) {
        return new Key.Reservation(reservation.user(), reservation.id());
    }

    // Expiries and movements

    @Override
    public Uni<List<Expiry>> due(Instant minute, int bucket, @Nullable Expiry after, Instant until, int limit) {
        return read(() -> due(IntStream.of(bucket), minute, after, until, limit));
    }

    /**
     * The same of all buckets, in one message: for whoever has no thousands of them to spare.
     *
     * @param minute any moment of the minute
     * @param until what is due later is left out
     * @param limit the most expiries
     * @return up to {@code limit} expiries, those that are due first
     */
    Uni<List<Expiry>> due(Instant minute, Instant until, int limit) {
        return read(() -> due(IntStream.range(0, ExpiryTable.BUCKETS), minute, null, until, limit));
    }

    private List<Expiry> due(IntStream buckets, Instant minute, @Nullable Expiry after, Instant until, int limit) {
        return buckets.mapToObj(it -> store.query(Key.Due.bucket(minute, it)))
                .flatMap(Collection::stream)
                .map(Expiry.class::cast)
                .filter(it -> !it.dueAt().isAfter(until))
                .filter(it -> after == null || IN_ORDER.compare(it, after) > 0)
                .sorted(IN_ORDER)
                .limit(limit)
                .toList();
    }

    @Override
    public Uni<Void> note(Expiry expiry) {
        return done(put(new Key.Due(expiry), expiry));
    }

    @Override
    public Uni<Void> remove(Expiry expiry) {
        return done(new Write(new Key.Due(expiry), old -> true, old -> null));
    }

    /** A write that nothing keeps from happening but a transaction in its way, like a partition at its limit. */
    private Uni<Void> done(Write write) {
        return write(write, Meaning::attempt).map(attempt -> {
            if (attempt == Attempt.DONE) {
                return null;
            }
            throw new Unavailable("A transaction is in the way");
        });
    }

    @Override
    public Uni<List<Instant>> hours(Sku sku, Instant from, Instant until, int limit) {
        return read(() -> movementsOf(sku)
                .map(it -> hourOf(it.at()))
                .filter(it -> !it.isBefore(hourOf(from)) && !it.isAfter(until))
                .distinct()
                .sorted()
                .limit(limit)
                .toList());
    }

    @Override
    public Uni<List<Movement>> movements(Sku sku, Instant hour, int bucket, @Nullable Position after, int limit) {
        return read(() -> movementsOf(sku)
                .filter(it -> hourOf(it.at()).equals(hourOf(hour)))
                .filter(it -> Math.floorMod(it.id().hashCode(), LedgerTable.BUCKETS) == bucket)
                .filter(it -> after == null || Position.of(it).compareTo(after) > 0)
                .sorted(Comparator.comparing(Position::of))
                .limit(limit)
                .toList());
    }

    private Stream<Movement> movementsOf(Sku sku) {
        return all(Movement.class).stream().filter(it -> it.sku().equals(sku));
    }

    private static Instant hourOf(Instant moment) {
        return moment.truncatedTo(ChronoUnit.HOURS);
    }

    @Override
    public Uni<Optional<Movement>> movement(Sku sku, Instant at, String id) {
        return read(() -> Optional.ofNullable((Movement) store.read(new Key.Movement(sku, at, id))));
    }

    // Products

    @Override
    public Uni<Optional<Listing>> find(Sku sku) {
        return read(() -> store.read(new Key.Product(sku)) instanceof Product product
                        && store.read(new Key.Layout(sku)) instanceof Layout layout
                ? Optional.of(new Listing(product, layout))
                : Optional.empty());
    }

    /** The layout of a product that was removed. */
    private record Removed(Layout layout) {}

    @Override
    public Uni<Attempt> create(Listing listing) {
        Sku sku = listing.product().sku();
        return attempt(List.of(
                Write.putIfAbsent(new Key.Product(sku), listing.product()),
                new Write(
                        new Key.Layout(sku),
                        old -> !(old instanceof Layout),
                        old -> old instanceof Removed removed ? raised(removed.layout()) : listing.layout())));
    }

    @Override
    public Uni<Attempt> replace(Product product, String expectedRevision) {
        return write(
                new Write(new Key.Product(product.sku()), old -> hasRevision(old, expectedRevision), old -> product),
                Meaning::attempt);
    }

    @Override
    public Uni<Attempt> remove(Product product) {
        return attempt(List.of(
                new Write(new Key.Product(product.sku()), old -> hasRevision(old, product.revision()), old -> null),
                new Write(
                        new Key.Layout(product.sku()),
                        Layout.class::isInstance,
                        old -> new Removed(raised((Layout) present(old))))));
    }

    private static boolean hasRevision(@Nullable Object old, String revision) {
        return old instanceof Product there && there.revision().equals(revision);
    }

    // Layouts

    @Override
    public Uni<Attempt> replace(Sku sku, Layout before, Layout after) {
        return write(new Write(new Key.Layout(sku), old -> isVersion(old, before), old -> after), Meaning::attempt);
    }

    @Override
    public Uni<Attempt> close(Sku sku, Layout before, List<Integer> shards) {
        return mark(sku, before, shards, true);
    }

    @Override
    public Uni<Attempt> open(Sku sku, Layout before, List<Integer> shards) {
        return mark(sku, before, shards, false);
    }

    private Uni<Attempt> mark(Sku sku, Layout before, List<Integer> shards, boolean closed) {
        List<Write> writes = new ArrayList<>();
        writes.add(new Write(new Key.Layout(sku), old -> isVersion(old, before), old -> raised((Layout) present(old))));
        shards.forEach(it -> writes.add(new Write(new Key.Shard(sku, it), old -> true, old -> {
            Units units = units(old);
            return new Units(units.available(), units.version(), units.moved(), closed);
        })));
        return attempt(writes);
    }

    private static boolean isVersion(@Nullable Object old, Layout layout) {
        return old instanceof Layout there && there.version() == layout.version();
    }

    @Override
    public Uni<List<Product>> list(Product.Status status, @Nullable Sku after, int limit) {
        return read(() -> all(Product.class).stream()
                .filter(it -> it.status() == status)
                .filter(it -> after == null || it.sku().compareTo(after) > 0)
                .sorted(Comparator.comparing(Product::sku))
                .limit(limit)
                .toList());
    }

    // Requests

    private <T> Uni<T> read(Supplier<T> read) {
        return wire.send((service, answer) -> answer.complete(read.get()));
    }

    private <T> Uni<T> write(Write write, Function<Reason, T> meaning) {
        return wire.send((service, answer) -> {
            Reason reason = store.write(write, service::throttles);
            if (reason.code() == Code.THROTTLED) {
                answer.fail(new Unavailable("The item's partition is at its limit"));
            } else {
                answer.complete(meaning.apply(reason));
            }
        });
    }

    private Uni<Attempt> attempt(List<Write> writes) {
        return transact(new Transaction(null, writes, writes), Meaning::attempt);
    }

    private <T> Uni<T> transact(Transaction transaction, Function<Result, T> meaning) {
        return wire.send((service, answer) -> {
            Begun begun = store.begin(transaction, service::throttles);
            Runnable end = () -> {
                Result result = begun.end();
                if (result instanceof Result.Invalid invalid) {
                    answer.fail(new IllegalArgumentException(invalid.error()));
                } else if (result instanceof Result.InProgress) {
                    answer.fail(new Unavailable("The transaction is under way already"));
                } else {
                    answer.complete(meaning.apply(result));
                }
            };
            if (begun.takesTime()) {
                service.later(end);
            } else {
                end.run();
            }
        });
    }

    private <T> List<T> all(Class<T> kind) {
        return store.all()
                .map(Map.Entry::getValue)
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    private static Object present(@Nullable Object item) {
        return Objects.requireNonNull(item);
    }
}
