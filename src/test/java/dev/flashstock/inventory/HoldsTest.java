package dev.flashstock.inventory;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.summingLong;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.flashstock.Samples;
import dev.flashstock.sharding.ShardChoice;
import dev.flashstock.sharding.Spread;
import dev.flashstock.stock.Portion;
import dev.flashstock.stock.Product;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.Reservation.Status;
import dev.flashstock.stock.ReservationRequest;
import dev.flashstock.stock.ShardLevel;
import dev.flashstock.stock.Sku;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The group commit's use case against the real table. */
@QuarkusTest
class HoldsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Inject
    ProductTable products;

    @Inject
    StockTable stock;

    @Inject
    ReservationTable reservations;

    @Inject
    InstantSource clock;

    @Test
    void aPlacementTakesUnitsAndWritesTheHold() {
        // Given
        Listing listing = stocked(5, 5);
        ReservationRequest request = Samples.request(sku(listing), 3);

        // When
        Reservation hold = holds(stock).place(request, listing).await().atMost(PATIENCE);

        // Then
        assertThat(hold.status()).isEqualTo(Status.HELD);
        assertThat(total(listing)).isEqualTo(7);
        assertThat(stored(request)).contains(hold);
    }

    @Test
    void concurrentPlacementsOfOneRequestAreOneHold() {
        // Given
        Listing listing = stocked(10, 10, 10, 10);
        ReservationRequest request = Samples.request(sku(listing), 3);

        // When
        List<Reservation> placed = placeAll(listing, java.util.Collections.nCopies(24, request));

        // Then
        assertThat(placed).hasSize(24).allMatch(it -> it.status() == Status.HELD);
        assertThat(placed.stream().map(Reservation::shard).distinct()).hasSize(1);
        assertThat(total(listing)).isEqualTo(37);
    }

    @Test
    void aPlacementOfWhichTheAnswerWasLostTakesUnitsOnce() {
        // Given
        Listing listing = stocked(5, 5);
        ReservationRequest request = Samples.request(sku(listing), 4);
        holds(new AnswersLost(stock))
                .place(request, listing)
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create())
                .awaitFailure(PATIENCE);

        // When
        Reservation again = holds(stock).place(request, listing).await().atMost(PATIENCE);

        // Then
        assertThat(again.status()).isEqualTo(Status.HELD);
        assertThat(total(listing)).isEqualTo(6);
    }

    @Test
    void soldOutIsRecordedWithWhatWasLeft() {
        // Given
        Listing listing = stocked(1, 0, 1);
        ReservationRequest request = Samples.request(sku(listing), 3);

        // When
        Reservation rejected = holds(stock).place(request, listing).await().atMost(PATIENCE);

        // Then
        assertThat(rejected.status()).isEqualTo(Status.REJECTED);
        assertThat(rejected.rejection()).isEqualTo(new Reservation.Rejection(Reservation.Reason.SOLD_OUT, 2));
        assertThat(stored(request)).contains(rejected);
        assertThat(total(listing)).isEqualTo(2);
    }

    @Test
    void soldOutIsFinalForItsKeyEvenWhenUnitsComeBack() {
        // Given
        Listing listing = stocked(0);
        ReservationRequest request = Samples.request(sku(listing), 1);
        Reservation rejected = holds(stock).place(request, listing).await().atMost(PATIENCE);
        deliver(listing, new Portion(0, 5));

        // When
        Reservation again = holds(stock).place(request, listing).await().atMost(PATIENCE);

        // Then
        assertThat(again).isEqualTo(rejected);
        assertThat(total(listing)).isEqualTo(5);
    }

    @Test
    void readingsThatShowTooFewUnitsButOtherVersionsAreNotBelieved() {
        // Given
        Listing listing = stocked(0, 1);
        ReservationRequest request = Samples.request(sku(listing), 1);
        AtomicInteger looks = new AtomicInteger();
        StockTable betweenMoves = new Gathers(
                stock,
                () -> looks.incrementAndGet() <= 4 // the unit is always elsewhere
                        ? Optional.of(List.of(new ShardLevel(0, 0, looks.get()), new ShardLevel(1, 0, 1)))
                        : Optional.empty());

        // When
        Reservation hold = holds(betweenMoves, commits(betweenMoves), (sku, user, layout) -> 0)
                .place(request, listing)
                .await()
                .atMost(PATIENCE);

        // Then
        assertThat(hold.status()).isEqualTo(Status.HELD);
        assertThat(looks).hasValue(5);
    }

    @Test
    void aLimitThatIsLoweredOnTheWayRejectsWhatIsOverItNow() {
        // Given
        Listing created = stocked(1, 5);
        Listing remembered = limited(created, 3);
        Product now = limited(created, 2).product();
        products.replace(now, created.product().revision()).await().atMost(PATIENCE);
        ReservationRequest request = Samples.request(now.sku(), 3);
        AtomicInteger looks = new AtomicInteger();
        StockTable wrongAtFirst = new Gathers(
                stock,
                () -> looks.incrementAndGet() == 1 // the second reading, of another kind, shows all units
                        ? Optional.of(List.of(new ShardLevel(0, 1, 1), new ShardLevel(1, 0, 0)))
                        : Optional.empty());

        // When
        Reservation rejected = holds(wrongAtFirst, commits(wrongAtFirst), (sku, user, layout) -> 0)
                .place(request, remembered)
                .await()
                .atMost(PATIENCE);

        // Then
        assertThat(rejected.rejection()).isEqualTo(new Reservation.Rejection(Reservation.Reason.OVER_LIMIT, 2));
        assertThat(total(remembered)).isEqualTo(6);
    }

    private static Listing limited(Listing listing, int limit) {
        Product it = listing.product();
        return new Listing(
                new Product(
                        it.sku(),
                        it.name(),
                        it.price(),
                        it.status(),
                        it.startsAt(),
                        it.endsAt(),
                        it.holdTime(),
                        limit,
                        "limit-" + limit),
                listing.layout());
    }

    @Test
    void halfOfAMoveIsNotTakenForSoldOut() {
        // Given
        Listing listing = stocked(1, 1);
        ReservationRequest request = Samples.request(sku(listing), 2);
        AtomicInteger looks = new AtomicInteger();
        // What has left the first shard has not come to the second yet.
        StockTable duringAMove = new Gathers(
                stock,
                () -> looks.incrementAndGet() <= 3
                        ? Optional.of(List.of(new ShardLevel(0, 0, 2), new ShardLevel(1, 1, 1)))
                        : Optional.empty());

        // When
        Reservation hold = holds(duringAMove).place(request, listing).await().atMost(PATIENCE);

        // Then
        assertThat(hold.status()).isEqualTo(Status.HELD);
    }

    @Test
    void theLastUnitIsFoundOnWhicheverShardItIs() {
        // Given
        Listing listing =
                stocked(IntStream.range(0, 120).map(i -> i == 117 ? 1 : 0).toArray());
        ReservationRequest request = Samples.request(sku(listing), 1);

        // When
        Reservation hold = holds(stock).place(request, listing).await().atMost(PATIENCE);

        // Then
        assertThat(hold.status()).isEqualTo(Status.HELD);
        assertThat(hold.shard()).isEqualTo(117);
        assertThat(total(listing)).isZero();
    }

    @Test
    void whenNoShardHasEnoughUnitsAreMovedTogether() {
        // Given
        Listing listing = stocked(2, 3, 1);
        ReservationRequest request = Samples.request(sku(listing), 5);

        // When
        Reservation hold = holds(stock).place(request, listing).await().atMost(PATIENCE);

        // Then
        assertThat(hold.status()).isEqualTo(Status.HELD);
        assertThat(total(listing)).isEqualTo(1);
    }

    @Test
    void unitsThatWereMovedTogetherAllComeBack() {
        // Given
        Listing listing = stocked(2, 3, 1);
        Reservation hold = holds(stock)
                .place(Samples.request(sku(listing), 6), listing)
                .await()
                .atMost(PATIENCE);

        // When
        Attempt attempt = commits(stock)
                .giveBack(new GroupCommit.Return(hold, Status.RELEASED))
                .await()
                .atMost(PATIENCE);

        // Then
        assertThat(attempt).isEqualTo(Attempt.DONE);
        assertThat(total(listing)).isEqualTo(6);
    }

    @Test
    void placementsOfTwoOverShardsOfOneSellEverythingThatCanBeSold() {
        // Given
        Listing listing = stocked(IntStream.generate(() -> 1).limit(21).toArray());

        // When
        List<Reservation> placed = placeAll(listing, requests(listing, 16, 2));

        // Then
        assertThat(placed).filteredOn(it -> it.status() == Status.HELD).hasSize(10);
        assertThat(placed).filteredOn(it -> it.status() == Status.REJECTED).hasSize(6);
        assertThat(total(listing)).isEqualTo(1);
    }

    @Test
    void manyPlacementsOfTwoOverManyShardsOfOneSellEverythingThatCanBeSold() {
        // Given
        Listing listing = stocked(IntStream.generate(() -> 1).limit(128).toArray());

        // When
        List<Reservation> placed = placeAll(listing, requests(listing, 64, 2));

        // Then
        assertThat(placed).allMatch(it -> it.status() == Status.HELD);
        assertThat(total(listing)).isZero();
    }

    @Test
    void moreRequestsThanUnitsSellEveryUnitOnce() {
        // Given
        Listing listing = stocked(12, 0, 3, 25, 10);

        // When
        List<Reservation> placed = placeAll(listing, requests(listing, 80, 1));

        // Then
        assertThat(placed).filteredOn(it -> it.status() == Status.HELD).hasSize(50);
        assertThat(placed).filteredOn(it -> it.status() == Status.REJECTED).hasSize(30);
        assertThat(total(listing)).isZero();
    }

    @Test
    void whateverIsAskedForNoUnitIsLostOrSoldTwiceAndNobodyIsSentAwayWhileThereIsEnough() {
        // Given
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int[] levels = random.ints(8, 0, 12).toArray();
        Listing listing = stocked(levels);
        List<ReservationRequest> requests = Stream.generate(() -> Samples.request(sku(listing), 1 + random.nextInt(4)))
                .limit(40)
                .toList();

        // When
        List<Reservation> placed = placeAll(listing, requests);

        // Then
        Map<Status, Long> units = placed.stream()
                .collect(groupingBy(
                        Reservation::status, summingLong(it -> it.quantity().units())));
        long left = total(listing);
        assertThat(units.getOrDefault(Status.HELD, 0L) + left)
                .as("seed %d", seed)
                .isEqualTo(IntStream.of(levels).sum());
        assertThat(placed)
                .as("seed %d", seed)
                .filteredOn(it -> it.status() == Status.REJECTED)
                .allSatisfy(it -> {
                    assertThat((long) it.quantity().units())
                            .isGreaterThan(it.rejection().available());
                    assertThat(it.rejection().available()).isGreaterThanOrEqualTo(left);
                });
    }

    private Holds holds(StockTable table) {
        return holds(table, commits(table));
    }

    private Holds holds(StockTable table, GroupCommits commits) {
        return holds(table, commits, ShardChoice.random(HoldsTest::random));
    }

    private Holds holds(StockTable table, GroupCommits commits, ShardChoice choice) {
        return new Holds(
                new Looks(table, products, Ticker.systemTicker()),
                reservations,
                commits,
                choice,
                new SoldOut(Ticker.systemTicker(), News.toNobody()),
                new Retries(HoldsTest::random, Pauses.real()),
                HoldsTest::random);
    }

    private GroupCommits commits(StockTable table) {
        return new GroupCommits(
                table,
                () -> UUID.randomUUID().toString(),
                clock,
                new Neighbours(Pods.alone("pod")),
                Pauses.real(),
                HoldsTest::random);
    }

    private static int random(int bound) {
        return ThreadLocalRandom.current().nextInt(bound);
    }

    private List<Reservation> placeAll(Listing listing, List<ReservationRequest> requests) {
        Holds holds = holds(stock);
        List<Uni<Reservation>> placements =
                requests.stream().map(request -> holds.place(request, listing)).toList();
        return Uni.join().all(placements).andCollectFailures().await().atMost(PATIENCE);
    }

    private static List<ReservationRequest> requests(Listing listing, int count, int units) {
        return Stream.generate(() -> Samples.request(sku(listing), units))
                .limit(count)
                .toList();
    }

    /** A product whose shards have these units. */
    private Listing stocked(int... levels) {
        Listing listing = Samples.listing(Samples.newSku(), levels.length);
        products.create(listing).await().atMost(PATIENCE);
        List<Portion> portions = new ArrayList<>();
        for (int shard = 0; shard < levels.length; shard++) {
            if (levels[shard] > 0) {
                portions.add(new Portion(shard, levels[shard]));
            }
        }
        for (int from = 0; from < portions.size(); from += 90) {
            deliver(
                    listing,
                    portions.subList(from, Math.min(portions.size(), from + 90)).toArray(Portion[]::new));
        }
        return listing;
    }

    private void deliver(Listing listing, Portion... portions) {
        long units = Stream.of(portions).mapToLong(Portion::units).sum();
        stock.adjust(Samples.adjustment(sku(listing), units), List.of(portions))
                .await()
                .atMost(PATIENCE);
    }

    private long total(Listing listing) {
        return Spread.total(stock.gather(sku(listing), listing.layout().readShards())
                .await()
                .atMost(PATIENCE));
    }

    private Optional<Reservation> stored(ReservationRequest request) {
        return reservations.find(request.user(), request.id()).await().atMost(PATIENCE);
    }

    private static Sku sku(Listing listing) {
        return listing.product().sku();
    }

    /** The real table, of which plain readings are made up as long as there are some. */
    private static final class Gathers extends ForwardingStock {
        private final Supplier<Optional<List<ShardLevel>>> madeUp;

        Gathers(StockTable table, Supplier<Optional<List<ShardLevel>>> madeUp) {
            super(table);
            this.madeUp = madeUp;
        }

        @Override
        public Uni<List<ShardLevel>> gather(Sku sku, int readShards) {
            return Uni.createFrom()
                    .deferred(() -> madeUp.get()
                            .map(levels -> Uni.createFrom().item(levels))
                            .orElseGet(() -> table.gather(sku, readShards)));
        }
    }

    /** The real table, whose answers to commits that happened do not arrive. */
    private static final class AnswersLost extends ForwardingStock {
        AnswersLost(StockTable table) {
            super(table);
        }

        @Override
        public Uni<GroupCommit.Result> commit(GroupCommit commit) {
            return table.commit(commit).invoke(result -> {
                if (result instanceof GroupCommit.Result.Committed) {
                    throw new Unavailable("The answer was lost");
                }
            });
        }
    }
}
