package dev.flashstock.simulation;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.summingLong;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flashstock.Samples;
import dev.flashstock.inventory.Expirations;
import dev.flashstock.inventory.Expiry;
import dev.flashstock.inventory.ExpiryTable;
import dev.flashstock.inventory.GatheredStockLevels;
import dev.flashstock.inventory.GroupCommit;
import dev.flashstock.inventory.GroupCommits;
import dev.flashstock.inventory.Holds;
import dev.flashstock.inventory.Listing;
import dev.flashstock.inventory.Looks;
import dev.flashstock.inventory.Neighbours;
import dev.flashstock.inventory.News;
import dev.flashstock.inventory.Pauses;
import dev.flashstock.inventory.Pods;
import dev.flashstock.inventory.ReservationDesk;
import dev.flashstock.inventory.Retries;
import dev.flashstock.inventory.SoldOut;
import dev.flashstock.inventory.SoldOutWatch;
import dev.flashstock.inventory.Sweeper;
import dev.flashstock.sharding.Layout;
import dev.flashstock.sharding.ShardChoice;
import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Portion;
import dev.flashstock.stock.Product;
import dev.flashstock.stock.Refusal;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.Reservation.Status;
import dev.flashstock.stock.ReservationRequest;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.UserId;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How late units are back in stock: a product, two for each user, of which all 10,000 units are held by 10,000 holds that
 * end in the same minute, while 5,000 shoppers, half of them those whose holds end and 500 at a time, ask for two again
 * and again. On virtual time, with a network and a table about as fast as DynamoDB (calls of 1 to 4 ms, some 30 ms;
 * transactions of 1 to 8 ms, some 40 ms, that conflict), so that the figures are the same on every machine: those of the
 * sweepers, and of no engine. It prints them: from the end of a hold until its unit was back, half of the holds (p50), 99
 * of 100 (p99), and the last one.
 */
class ExpiryLagTest {
    private static final int HOLDS = 10_000;
    private static final int EACH = 2;
    private static final int USERS = HOLDS / EACH;
    private static final int SHARDS = 8;
    private static final Duration WINDOW = Duration.ofSeconds(55);
    private static final Duration WAIT = Duration.ofSeconds(2);
    /** When one of them has got theirs another comes. */
    private static final int AT_ONCE = 500;

    private static final Duration BEFORE_ASKING_AGAIN = Duration.ofMillis(500);
    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);
    private static final Comparator<Expiry> IN_ORDER =
            Comparator.comparing(Expiry::dueAt).thenComparing(Expiry::movement);
    private static final Network.Caller IMMORTAL = new Network.Caller() {
        @Override
        public boolean isAlive() {
            return true;
        }

        @Override
        public void die() {}
    };

    private final SplittableRandom random = new SplittableRandom(11);
    private final VirtualTime time = new VirtualTime(random);
    private final ItemStore store = new ItemStore(time, this::changed);
    private final Network network = new Network(time, random, new Trace(time), Faults.NONE);
    private final InMemoryTable table = new InMemoryTable(store, Wire.direct());
    private final Sku sku = new Sku("console");
    private final Listing listing = new Listing(limited(), Layout.of(SHARDS));
    private final Map<Bucket, Set<Expiry>> buckets = new HashMap<>();
    private final List<Duration> lags = new ArrayList<>();
    private int tokens;
    private int asked;
    private int came;
    private int bought;
    private int overLimit;

    private Product limited() {
        Product it = Samples.product(sku);
        return new Product(
                sku, it.name(), it.price(), it.status(), null, null, Duration.ofHours(1), EACH, it.revision());
    }

    private void changed(List<ItemStore.Change> changes) {
        changes.forEach(change -> {
            if (change.before() instanceof Expiry gone) {
                bucket(gone.dueAt(), gone.bucket()).remove(gone);
            }
            if (change.after() instanceof Expiry come) {
                bucket(come.dueAt(), come.bucket()).add(come);
            }
            if (change.before() instanceof Reservation before
                    && change.after() instanceof Reservation after
                    && before.status() == Status.HELD
                    && after.status() == Status.EXPIRED) {
                lags.add(Duration.between(before.expiresAt(), time.instant()));
            }
        });
    }

    private record Bucket(Instant minute, int number) {}

    private Set<Expiry> bucket(Instant minute, int number) {
        return buckets.computeIfAbsent(
                new Bucket(minute.truncatedTo(ChronoUnit.MINUTES), number), bucket -> new TreeSet<>(IN_ORDER));
    }

    /** The table's expiries by bucket: the table itself would look through all its items for each query. */
    private final class IndexedExpiries implements ExpiryTable {
        private final Wire wire;
        private final ExpiryTable written;

        IndexedExpiries(Wire wire) {
            this.wire = wire;
            this.written = new InMemoryTable(store, wire);
        }

        @Override
        public Uni<List<Expiry>> due(Instant minute, int bucket, @Nullable Expiry after, Instant until, int limit) {
            return wire.send((service, answer) -> answer.complete(bucket(minute, bucket).stream()
                    .dropWhile(it -> after != null && IN_ORDER.compare(it, after) <= 0)
                    .takeWhile(it -> !it.dueAt().isAfter(until))
                    .limit(limit)
                    .toList()));
        }

        @Override
        public Uni<Void> note(Expiry expiry) {
            return written.note(expiry);
        }

        @Override
        public Uni<Void> remove(Expiry expiry) {
            return written.remove(expiry);
        }
    }

    /** A pod that sells and sweeps. */
    private final class Pod implements Pods {
        private final String name;
        private final Set<String> living;
        private final ReservationDesk desk;
        private final Sweeper sweeper;

        Pod(String name, Set<String> living) {
            this.name = name;
            this.living = living;
            InMemoryTable ports = new InMemoryTable(store, network.from(IMMORTAL));
            ExpiryTable expiries = new IndexedExpiries(network.from(IMMORTAL));
            Pauses pauses = duration -> time.pause(duration, () -> true);
            Neighbours neighbours = new Neighbours(this);
            GroupCommits commits =
                    new GroupCommits(ports, () -> "token-" + tokens++, time, neighbours, pauses, random::nextInt);
            SoldOut soldOut = new SoldOut(() -> time.micros() * 1_000, News.toNobody());
            Looks looks = new Looks(ports, ports, () -> time.micros() * 1_000);
            ShardChoice choice = ShardChoice.owned(neighbours::own, random::nextInt);
            Retries retries = new Retries(random::nextInt, pauses);
            Holds holds = new Holds(looks, ports, commits, choice, soldOut, retries, random::nextInt);
            this.desk = new ReservationDesk(
                    any -> Uni.createFrom().item(Optional.of(listing)),
                    ports,
                    holds,
                    request -> Uni.createFrom().voidItem(), // asked for again anyway
                    soldOut,
                    new SoldOutWatch(ports, new GatheredStockLevels(ports, time), looks, soldOut, News.toNobody()),
                    pauses);
            this.sweeper = new Sweeper(
                    expiries,
                    new Expirations(expiries, ports, ports, commits, soldOut, time),
                    any -> Uni.createFrom().item(Optional.of(listing)),
                    neighbours,
                    this,
                    new Sweeper.Setting(Duration.ofSeconds(1), Duration.ofMinutes(15)),
                    time,
                    pauses,
                    random::nextInt,
                    (failures, first) -> {
                        throw new AssertionError(first);
                    });
        }

        @Override
        public String self() {
            return name;
        }

        @Override
        public Set<String> living() {
            return living;
        }
    }

    @ParameterizedTest(name = "{0} pods, holds taken {1} at a time")
    @CsvSource({"1, 48", "4, 48", "4, 1"})
    void holdsThatEndInTheSameMinuteAreBackWithinSecondsAndSoldAgain(int pods, int ofATransaction) {
        // Given
        stockUp();
        takeAll(ofATransaction);
        Set<String> living =
                Set.copyOf(IntStream.range(0, pods).mapToObj(i -> "pod-" + i).toList());
        List<Pod> all = living.stream().sorted().map(it -> new Pod(it, living)).toList();
        all.forEach(it -> time.after(random.nextLong(1_000_000), it.sweeper::start));

        // When
        for (int i = 0; i < AT_ONCE; i++) {
            time.after(random.nextLong(1_000_000), () -> next(all));
        }
        boolean soldAgain = time.runUntil(() -> bought == USERS, TEN_MINUTES);
        time.runUntil(() -> false, Duration.ofMinutes(3));

        // Then
        List<Duration> sorted = lags.stream().sorted().toList();
        Duration p99 = sorted.get(sorted.size() * 99 / 100);
        System.out.printf(
                "%d pods, %d holds taken %d at a time: back in stock p50 %d ms, p99 %d ms, max %d ms after their end;"
                        + " asked for %d times, over the limit %d times%n",
                pods,
                sorted.size(),
                ofATransaction,
                sorted.get(sorted.size() / 2).toMillis(),
                p99.toMillis(),
                sorted.get(sorted.size() - 1).toMillis(),
                asked,
                overLimit);
        assertThat(soldAgain).isTrue();
        assertThat(sorted).hasSize(HOLDS).allMatch(it -> !it.isNegative());
        assertThat(p99).isLessThan(Duration.ofSeconds(5)); // of virtual time
        assertNobodyIsOverTheLimitAndAllIsSold();
        assertThat(all(Expiry.class)).noneMatch(it -> it.dueAt().isBefore(time.instant()));
    }

    private void stockUp() {
        table.create(listing).await().indefinitely();
        List<Portion> portions = IntStream.range(0, SHARDS)
                .mapToObj(shard -> new Portion(shard, HOLDS / SHARDS))
                .toList();
        table.adjust(Samples.adjustment(sku, HOLDS), portions).await().indefinitely();
    }

    private void takeAll(int ofATransaction) {
        Instant firstEnd = time.instant().plusSeconds(2);
        int ofAllShards = SHARDS * ofATransaction;
        for (int from = 0; from < HOLDS; from += ofAllShards) {
            for (int shard = 0; shard < SHARDS; shard++) {
                Instant end = firstEnd.plus(WINDOW.multipliedBy(from + shard).dividedBy(HOLDS));
                take(from, shard, ofATransaction, end);
            }
        }
    }

    private void take(int from, int shard, int ofATransaction, Instant end) {
        List<Reservation> holds = IntStream.iterate(from + shard, it -> it + SHARDS)
                .limit(ofATransaction)
                .takeWhile(it -> it < HOLDS)
                .mapToObj(it -> Reservation.held(
                        Samples.request(sku, holder(it % USERS), 1), new Reservation.Hold(shard, end, false, EACH)))
                .toList();
        GroupCommit commit = new GroupCommit("setup-" + tokens++, time.instant(), sku, shard, holds, List.of());
        assertThat(table.commit(commit).await().indefinitely()).isEqualTo(new GroupCommit.Result.Committed());
    }

    private static UserId holder(int number) {
        return new UserId("holder-" + number);
    }

    private void next(List<Pod> pods) {
        if (came < USERS) {
            int number = came++;
            UserId user = number % 2 == 0 ? new UserId("shopper-" + number) : holder(number);
            ask(pods, Samples.request(sku, user, EACH));
        }
    }

    private void ask(List<Pod> pods, ReservationRequest request) {
        asked++;
        pods.get(random.nextInt(pods.size()))
                .desk
                .reserve(request, WAIT)
                .subscribe()
                .with(outcome -> heard(pods, request, outcome), failure -> {
                    throw new AssertionError(failure);
                });
    }

    /** A refusal may be the last word for its key; who does not know what came of a request repeats it. */
    private void heard(List<Pod> pods, ReservationRequest request, Outcome<Reservation> outcome) {
        if (outcome instanceof Outcome.Done<Reservation> done && done.value().status() == Status.HELD) {
            bought++;
            next(pods);
            return;
        }
        ReservationRequest next = request;
        if (outcome instanceof Outcome.Refused<Reservation> refused) {
            assertThat(refused.refusal()).isInstanceOfAny(Refusal.SoldOut.class, Refusal.OverLimit.class);
            overLimit += refused.refusal() instanceof Refusal.OverLimit ? 1 : 0;
            next = Samples.request(sku, request.user(), EACH);
        }
        ReservationRequest then = next;
        time.after(BEFORE_ASKING_AGAIN.toMillis() * 1_000, () -> ask(pods, then));
    }

    private void assertNobodyIsOverTheLimitAndAllIsSold() {
        Map<UserId, Long> held = all(Reservation.class).stream()
                .filter(it -> it.status() == Status.HELD)
                .collect(groupingBy(
                        Reservation::user, summingLong(it -> it.quantity().units())));
        assertThat(held).hasSize(USERS);
        assertThat(held.values()).containsOnly((long) EACH);
        held.forEach((user, units) -> assertThat(InMemoryTable.used(store.read(new Key.Limit(user, sku))))
                .isEqualTo(units));
        assertThat(table.gather(sku, SHARDS).await().indefinitely()).allMatch(it -> it.available() == 0);
    }

    private <T> List<T> all(Class<T> kind) {
        return store.all()
                .map(Map.Entry::getValue)
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }
}
