package dev.flashstock.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flashstock.Samples;
import dev.flashstock.inventory.Attempt;
import dev.flashstock.inventory.Catalogue;
import dev.flashstock.inventory.GroupCommit;
import dev.flashstock.inventory.Listing;
import dev.flashstock.inventory.Precondition;
import dev.flashstock.inventory.ProductTable;
import dev.flashstock.inventory.ReservationTable;
import dev.flashstock.inventory.Stock;
import dev.flashstock.inventory.StockTable;
import dev.flashstock.sharding.Layout;
import dev.flashstock.sharding.Spread;
import dev.flashstock.stock.Adjustment;
import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Portion;
import dev.flashstock.stock.Price;
import dev.flashstock.stock.Product;
import dev.flashstock.stock.Refusal;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ReservationRequest;
import dev.flashstock.stock.ShardLevel;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.UserId;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.tuples.Tuple2;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The adapter's three ports against the real table. */
@QuarkusTest
class DynamoDbTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Inject
    ProductTable products;

    @Inject
    StockTable stock;

    @Inject
    ReservationTable reservations;

    @Inject
    Catalogue catalogue;

    @Inject
    Stock stockUseCases;

    // Gathers

    @ParameterizedTest
    @ValueSource(ints = {1, 99, 100, 101, 256})
    void aGatherReadsEveryShardAndThoseThatNeverHadAUnitAreZero(int shards) {
        // Given
        Listing listing = created(shards);
        Random random = new Random(shards);
        List<ShardLevel> expected = new ArrayList<>();
        List<Portion> portions = new ArrayList<>();
        for (int shard = 0; shard < shards; shard++) {
            boolean never = shard % 3 == 1;
            long units = never ? 0 : 1 + random.nextInt(1_000);
            expected.add(new ShardLevel(shard, units, never ? 0 : 1));
            if (!never) {
                portions.add(new Portion(shard, units));
            }
        }
        for (int from = 0; from < portions.size(); from += GroupCommit.MAX_ENTRIES) {
            deliver(listing, portions.subList(from, Math.min(portions.size(), from + GroupCommit.MAX_ENTRIES)));
        }

        // When
        List<ShardLevel> levels = gather(listing);

        // Then
        assertThat(levels).isEqualTo(expected);
    }

    @Test
    void aGatherReadsNoMoreShardsThanItIsAskedFor() {
        // Given
        Listing listing = stocked(10, 20, 30);

        // When
        List<ShardLevel> levels = stock.gather(sku(listing), 2).await().atMost(PATIENCE);

        // Then
        assertThat(levels).containsExactly(new ShardLevel(0, 10, 1), new ShardLevel(1, 20, 1));
    }

    // Adjustments

    @Test
    void anAdjustmentChangesTheShardsAndIsRecorded() {
        // Given
        Listing listing = created(3);
        Adjustment adjustment = Samples.adjustment(sku(listing), 30);

        // When
        Attempt attempt = adjust(adjustment, new Portion(0, 10), new Portion(2, 20));

        // Then
        assertThat(attempt).isEqualTo(Attempt.DONE);
        assertThat(gather(listing)).extracting(ShardLevel::available).containsExactly(10L, 0L, 20L);
        assertThat(recorded(adjustment)).contains(adjustment);
        assertThat(ever(listing)).isEqualTo(30);
    }

    @Test
    void theSameAdjustmentASecondTimeFindsItselfAndChangesNothing() {
        // Given
        Listing listing = created(1);
        Adjustment adjustment = Samples.adjustment(sku(listing), 10);
        adjust(adjustment, new Portion(0, 10));

        // When
        Attempt attempt = adjust(adjustment, new Portion(0, 10));

        // Then
        assertThat(attempt).isEqualTo(Attempt.CHANGED);
        assertThat(gather(listing)).containsExactly(new ShardLevel(0, 10, 1));
        assertThat(ever(listing)).isEqualTo(10);
    }

    @Test
    void anAdjustmentThatWouldTakeAShardBelowZeroChangesNothing() {
        // Given
        Listing listing = stocked(5, 5);
        Adjustment damage = Samples.adjustment(sku(listing), -8);

        // When
        Attempt attempt = adjust(damage, new Portion(0, 2), new Portion(1, 6));

        // Then
        assertThat(attempt).isEqualTo(Attempt.CHANGED);
        assertThat(gather(listing)).extracting(ShardLevel::available).containsExactly(5L, 5L);
        assertThat(recorded(damage)).isEmpty();
    }

    @Test
    void anAdjustmentTakesTheVeryLastUnit() {
        // Given
        Listing listing = stocked(5);

        // When
        Attempt attempt = adjust(Samples.adjustment(sku(listing), -5), new Portion(0, 5));

        // Then
        assertThat(attempt).isEqualTo(Attempt.DONE);
        assertThat(gather(listing)).containsExactly(new ShardLevel(0, 0, 2));
        assertThat(ever(listing)).isZero();
    }

    @Test
    void anAdjustmentOfAProductThatIsNotThereChangesNothing() {
        // Given
        Listing never = Samples.listing(Samples.newSku(), 1);
        Adjustment adjustment = Samples.adjustment(sku(never), 10);

        // When
        Attempt attempt = adjust(adjustment, new Portion(0, 10));

        // Then
        assertThat(attempt).isEqualTo(Attempt.CHANGED);
        assertThat(gather(never)).containsExactly(new ShardLevel(0, 0, 0));
        assertThat(recorded(adjustment)).isEmpty();
    }

    @Test
    void anAdjustmentOverTheMostShardsFitsIntoOneTransaction() {
        // Given
        Listing listing = created(GroupCommit.MAX_ENTRIES);
        Portion[] portions = IntStream.range(0, GroupCommit.MAX_ENTRIES)
                .mapToObj(shard -> new Portion(shard, 1))
                .toArray(Portion[]::new);

        // When
        Attempt attempt = adjust(Samples.adjustment(sku(listing), GroupCommit.MAX_ENTRIES), portions);

        // Then
        assertThat(attempt).isEqualTo(Attempt.DONE);
        assertThat(Spread.total(gather(listing))).isEqualTo(GroupCommit.MAX_ENTRIES);
    }

    // Commits

    @Test
    void aCommitTakesFromItsShardsAndPutsItsReservations() {
        // Given
        Listing listing = stocked(5, 5);
        Reservation hold = hold(listing, 7);

        // When
        GroupCommit.Result result = commit(listing, List.of(hold), new Portion(0, 5), new Portion(1, 2));

        // Then
        assertThat(result).isEqualTo(new GroupCommit.Result.Committed());
        assertThat(gather(listing)).containsExactly(new ShardLevel(0, 0, 2), new ShardLevel(1, 3, 2));
        assertThat(stored(hold)).contains(hold);
    }

    @Test
    void aCommitWithAReservationThatIsThereNamesItAndChangesNothing() {
        // Given
        Listing listing = stocked(10);
        Reservation there = hold(listing, 2);
        commit(listing, List.of(there), new Portion(0, 2));
        Reservation fresh = hold(listing, 3);

        // When
        GroupCommit.Result result = commit(listing, List.of(fresh, there), new Portion(0, 5));

        // Then
        assertThat(result).isEqualTo(new GroupCommit.Result.Refused(java.util.Map.of(1, there)));
        assertThat(Spread.total(gather(listing))).isEqualTo(8);
        assertThat(stored(fresh)).isEmpty();
    }

    @Test
    void aCommitOfMoreThanAShardHasChangesNothing() {
        // Given
        Listing listing = stocked(5, 1);
        Reservation hold = hold(listing, 7);

        // When
        GroupCommit.Result result = commit(listing, List.of(hold), new Portion(0, 5), new Portion(1, 2));

        // Then
        assertThat(result).isEqualTo(new GroupCommit.Result.Refused(java.util.Map.of()));
        assertThat(Spread.total(gather(listing))).isEqualTo(6);
        assertThat(stored(hold)).isEmpty();
    }

    // Giving back and confirming

    @ParameterizedTest
    @EnumSource(names = {"RELEASED", "EXPIRED"})
    void aHoldIsGivenBackToItsShard(Reservation.Status status) {
        // Given
        Listing listing = stocked(5);
        Reservation hold = hold(listing, 3);
        commit(listing, List.of(hold), new Portion(0, 3));

        // When
        Attempt attempt = stock.giveBack(hold, status).await().atMost(PATIENCE);

        // Then
        assertThat(attempt).isEqualTo(Attempt.DONE);
        assertThat(gather(listing)).containsExactly(new ShardLevel(0, 5, 3));
        assertThat(stored(hold)).contains(hold.as(status));
    }

    @Test
    void aHoldIsGivenBackOnce() {
        // Given
        Listing listing = stocked(5);
        Reservation hold = hold(listing, 3);
        commit(listing, List.of(hold), new Portion(0, 3));
        stock.giveBack(hold, Reservation.Status.RELEASED).await().atMost(PATIENCE);

        // When
        Attempt attempt =
                stock.giveBack(hold, Reservation.Status.EXPIRED).await().atMost(PATIENCE);

        // Then
        assertThat(attempt).isEqualTo(Attempt.CHANGED);
        assertThat(Spread.total(gather(listing))).isEqualTo(5);
        assertThat(stored(hold)).contains(hold.as(Reservation.Status.RELEASED));
    }

    @Test
    void whatIsSoldIsNotGivenBack() {
        // Given
        Listing listing = stocked(5);
        Reservation hold = hold(listing, 3);
        commit(listing, List.of(hold), new Portion(0, 3));
        Attempt confirmed = reservations.confirm(hold).await().atMost(PATIENCE);

        // When
        Attempt attempt =
                stock.giveBack(hold, Reservation.Status.RELEASED).await().atMost(PATIENCE);

        // Then
        assertThat(confirmed).isEqualTo(Attempt.DONE);
        assertThat(attempt).isEqualTo(Attempt.CHANGED);
        assertThat(Spread.total(gather(listing))).isEqualTo(2);
        assertThat(stored(hold)).contains(hold.as(Reservation.Status.CONFIRMED));
    }

    @Test
    void whatIsGivenBackIsNotConfirmed() {
        // Given
        Listing listing = stocked(5);
        Reservation hold = hold(listing, 3);
        commit(listing, List.of(hold), new Portion(0, 3));
        stock.giveBack(hold, Reservation.Status.RELEASED).await().atMost(PATIENCE);

        // When
        Attempt attempt = reservations.confirm(hold).await().atMost(PATIENCE);

        // Then
        assertThat(attempt).isEqualTo(Attempt.CHANGED);
        assertThat(stored(hold)).contains(hold.as(Reservation.Status.RELEASED));
    }

    @Test
    void whatIsNotThereIsNotConfirmed() {
        // Given
        Reservation never = hold(Samples.listing(Samples.newSku(), 1), 1);

        // When
        Attempt attempt = reservations.confirm(never).await().atMost(PATIENCE);

        // Then
        assertThat(attempt).isEqualTo(Attempt.CHANGED);
        assertThat(stored(never)).isEmpty();
    }

    @Test
    void aConfirmationAndAReleaseAtOnceAreNeverBothDone() {
        // Given
        Listing listing = stocked(100);
        for (int round = 0; round < 20; round++) {
            Reservation hold = hold(listing, 1);
            commit(listing, List.of(hold), new Portion(0, 1));
            long before = Spread.total(gather(listing));

            // When
            Tuple2<Attempt, Attempt> attempts = Uni.combine()
                    .all()
                    .unis(reservations.confirm(hold), stock.giveBack(hold, Reservation.Status.RELEASED))
                    .asTuple()
                    .await()
                    .atMost(PATIENCE);

            // Then
            boolean confirmed = attempts.getItem1() == Attempt.DONE;
            boolean released = attempts.getItem2() == Attempt.DONE;
            assertThat(confirmed && released).isFalse();
            assertThat(Spread.total(gather(listing))).isEqualTo(released ? before + 1 : before);
        }
    }

    // Reservations

    @Test
    void aRecordThatIsThereStays() {
        // Given
        Listing listing = stocked(5);
        Reservation hold = hold(listing, 3);
        commit(listing, List.of(hold), new Portion(0, 3));
        Reservation cancelled = Reservation.cancelled(hold.id(), hold.user(), Samples.NOW);

        // When
        Optional<Reservation> there =
                reservations.recordIfAbsent(cancelled).await().atMost(PATIENCE);

        // Then
        assertThat(there).contains(hold);
        assertThat(stored(hold)).contains(hold);
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice", "Zoë Müller", "用户#1", "a#RESERVATION#b"})
    void aUsersReservationsAreListedInPagesAndNobodyElses(String name) {
        // Given
        String suffix = UUID.randomUUID().toString();
        UserId user = new UserId(name + suffix);
        List<Reservation> mine = IntStream.range(0, 7)
                .mapToObj(i -> rejected(Samples.request(Samples.newSku(), user, 1)))
                .sorted(java.util.Comparator.comparing(it -> it.id().value()))
                .toList();
        mine.forEach(it -> reservations.recordIfAbsent(it).await().atMost(PATIENCE));
        reservations
                .recordIfAbsent(rejected(Samples.request(Samples.newSku(), new UserId(name + suffix + "x"), 1)))
                .await()
                .atMost(PATIENCE);

        // When
        List<Reservation> first = reservations.list(user, null, 4).await().atMost(PATIENCE);
        List<Reservation> second =
                reservations.list(user, first.get(3).id(), 4).await().atMost(PATIENCE);

        // Then
        assertThat(first).isEqualTo(mine.subList(0, 4));
        assertThat(second).isEqualTo(mine.subList(4, 7));
    }

    // Products

    @Test
    void aNewProductComesBackAsItWasWritten() {
        // Given
        Sku sku = Samples.newSku();
        Product full = new Product(
                sku,
                "Spielkonsole \"Größe XL\" 👾",
                new Price(0, Currency.getInstance("JPY")),
                Product.Status.DRAFT,
                Samples.NOW,
                Samples.NOW.plusMillis(1),
                Duration.ofSeconds(601),
                "r1");
        Listing listing = new Listing(full, new Layout(3, 5, 7));

        // When
        Attempt attempt = products.create(listing).await().atMost(PATIENCE);

        // Then
        assertThat(attempt).isEqualTo(Attempt.DONE);
        assertThat(found(sku)).contains(listing);
    }

    @Test
    void aSkuIsTakenOnce() {
        // Given
        Listing first = created(3);

        // When
        Attempt attempt =
                products.create(Samples.listing(sku(first), 9)).await().atMost(PATIENCE);

        // Then
        assertThat(attempt).isEqualTo(Attempt.CHANGED);
        assertThat(found(sku(first))).contains(first);
    }

    @Test
    void aProductIsReplacedAndItsLayoutStays() {
        // Given
        Listing listing = created(3);
        Product paused = Samples.product(sku(listing), Product.Status.PAUSED);

        // When
        Attempt attempt =
                products.replace(paused, listing.product().revision()).await().atMost(PATIENCE);

        // Then
        assertThat(attempt).isEqualTo(Attempt.DONE);
        assertThat(found(sku(listing))).contains(new Listing(paused, listing.layout()));
    }

    @Test
    void aProductThatHasChangedOrIsGoneIsNotReplaced() {
        // Given
        Listing listing = created(3);
        Product never = Samples.product(Samples.newSku());

        // When
        Attempt changed = products.replace(Samples.product(sku(listing)), "another revision")
                .await()
                .atMost(PATIENCE);
        Attempt gone = products.replace(never, never.revision()).await().atMost(PATIENCE);

        // Then
        assertThat(changed).isEqualTo(Attempt.CHANGED);
        assertThat(gone).isEqualTo(Attempt.CHANGED);
        assertThat(found(sku(listing))).contains(listing);
        assertThat(found(never.sku())).isEmpty();
    }

    @Test
    void aProductIsRemoved() {
        // Given
        Listing listing = created(3);

        // When
        Attempt attempt = products.remove(listing).await().atMost(PATIENCE);

        // Then
        assertThat(attempt).isEqualTo(Attempt.DONE);
        assertThat(found(sku(listing))).isEmpty();
    }

    @Test
    void aProductWhoseEntryOrStockHasChangedIsNotRemoved() {
        // Given
        Listing edited = created(1);
        products.replace(Samples.product(sku(edited)), edited.product().revision())
                .await()
                .atMost(PATIENCE);
        Listing adjusted = stocked(1);

        // When
        Attempt afterEdit = products.remove(edited).await().atMost(PATIENCE);
        Attempt afterAdjustment = products.remove(adjusted).await().atMost(PATIENCE);

        // Then
        assertThat(afterEdit).isEqualTo(Attempt.CHANGED);
        assertThat(afterAdjustment).isEqualTo(Attempt.CHANGED);
        assertThat(found(sku(adjusted))).isPresent();
    }

    @Test
    void aProductThatIsDeletedWhileItIsStockedIsEitherDeletedOrStocked() {
        for (int round = 0; round < 40; round++) {
            // Given
            Listing listing = created(3);
            Sku sku = sku(listing);

            // When
            Tuple2<Outcome<Sku>, Outcome<Adjustment>> outcomes = Uni.combine()
                    .all()
                    .unis(catalogue.delete(sku, Precondition.none()), stockUseCases.adjust(Samples.adjustment(sku, 7)))
                    .asTuple()
                    .await()
                    .atMost(PATIENCE);

            // Then
            long total = Spread.total(gather(listing));
            if (found(sku).isPresent()) {
                assertThat(outcomes.getItem1()).isEqualTo(Outcome.refused(new Refusal.ProductInUse(sku, 7, 0)));
                assertThat(outcomes.getItem2()).isInstanceOf(Outcome.Done.class);
                assertThat(total).isEqualTo(7);
                assertThat(ever(listing)).isEqualTo(7);
            } else {
                assertThat(outcomes.getItem1()).isEqualTo(Outcome.done(sku));
                assertThat(outcomes.getItem2()).isEqualTo(Outcome.refused(new Refusal.UnknownSku(sku)));
                assertThat(total).isZero();
                assertThat(ever(listing)).isZero();
            }
        }
    }

    @Test
    void productsAreListedByStatusInTheOrderOfTheirSkusAcrossAllShardsOfTheIndex() {
        // Given
        String prefix = "list-" + UUID.randomUUID() + "-";
        List<Product> all = IntStream.range(0, 150)
                .mapToObj(i -> Samples.product(new Sku(prefix + (1_000 + i)), Product.Status.ENDED))
                .toList();
        all.forEach(it -> products.create(new Listing(it, Layout.of(1))).await().atMost(PATIENCE));
        products.create(new Listing(Samples.product(new Sku(prefix + "1000a")), Layout.of(1)))
                .await()
                .atMost(PATIENCE);

        // When
        List<Product> first = products.list(Product.Status.ENDED, new Sku(prefix), 101)
                .await()
                .atMost(PATIENCE);
        List<Product> second = products.list(
                        Product.Status.ENDED, first.get(100).sku(), 49)
                .await()
                .atMost(PATIENCE);

        // Then
        assertThat(first).isEqualTo(all.subList(0, 101));
        assertThat(second).isEqualTo(all.subList(101, 150));
    }

    @Test
    void aProductIsListedUnderItsStatusOnly() {
        // Given
        Listing listing = created(1);
        Sku sku = sku(listing);
        Sku before = new Sku(sku.value().substring(0, sku.value().length() - 1));
        Product paused = Samples.product(sku, Product.Status.PAUSED);

        // When
        products.replace(paused, listing.product().revision()).await().atMost(PATIENCE);

        // Then
        assertThat(products.list(Product.Status.PAUSED, before, 1).await().atMost(PATIENCE))
                .containsExactly(paused);
        assertThat(products.list(Product.Status.ON_SALE, before, 1).await().atMost(PATIENCE))
                .extracting(Product::sku)
                .doesNotContain(sku);
    }

    private Listing created(int shards) {
        Listing listing = Samples.listing(Samples.newSku(), shards);
        products.create(listing).await().atMost(PATIENCE);
        return listing;
    }

    private Listing stocked(long... levels) {
        Listing listing = created(levels.length);
        deliver(
                listing,
                IntStream.range(0, levels.length)
                        .mapToObj(shard -> new Portion(shard, levels[shard]))
                        .toList());
        return listing;
    }

    private void deliver(Listing listing, List<Portion> portions) {
        long units = portions.stream().mapToLong(Portion::units).sum();
        adjust(Samples.adjustment(sku(listing), units), portions.toArray(Portion[]::new));
    }

    private Attempt adjust(Adjustment adjustment, Portion... portions) {
        return stock.adjust(adjustment, List.of(portions)).await().atMost(PATIENCE);
    }

    private GroupCommit.Result commit(Listing listing, List<Reservation> holds, Portion... takes) {
        return stock.commit(new GroupCommit(sku(listing), List.of(takes), holds))
                .await()
                .atMost(PATIENCE);
    }

    private static Reservation hold(Listing listing, int units) {
        return Reservation.held(Samples.request(sku(listing), units), 0, Samples.NOW, Duration.ofMinutes(10));
    }

    private static Reservation rejected(ReservationRequest request) {
        return Reservation.rejected(request, new Reservation.Rejection(Reservation.Reason.SOLD_OUT, 0));
    }

    private List<ShardLevel> gather(Listing listing) {
        return stock.gather(sku(listing), listing.layout().readShards()).await().atMost(PATIENCE);
    }

    private long ever(Listing listing) {
        return stock.stocked(sku(listing)).await().atMost(PATIENCE);
    }

    private Optional<Adjustment> recorded(Adjustment adjustment) {
        return stock.adjustment(adjustment.sku(), adjustment.id()).await().atMost(PATIENCE);
    }

    private Optional<Reservation> stored(Reservation reservation) {
        return reservations.find(reservation.user(), reservation.id()).await().atMost(PATIENCE);
    }

    private Optional<Listing> found(Sku sku) {
        return products.find(sku).await().atMost(PATIENCE);
    }

    private static Sku sku(Listing listing) {
        return listing.product().sku();
    }
}
