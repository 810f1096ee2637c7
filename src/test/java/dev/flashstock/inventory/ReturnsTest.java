package dev.flashstock.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.flashstock.Samples;
import dev.flashstock.sharding.Spread;
import dev.flashstock.stock.Adjustment;
import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Portion;
import dev.flashstock.stock.Refusal;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.Sku;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Sold units come back: the use case against the real table. */
@QuarkusTest
class ReturnsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Inject
    ProductTable products;

    @Inject
    StockTable table;

    @Inject
    ReservationTable reservations;

    @Inject
    InstantSource clock;

    @Test
    void whatComesBackIsInStockAgainAndCountedInItsReservation() {
        // Given
        Listing listing = stocked(10, 3);
        Reservation sold = sold(listing, 4);
        Adjustment adjustment = Samples.returnOf(sold, 3);

        // When
        Outcome<Adjustment> outcome = adjust(adjustment);

        // Then
        assertThat(outcome).isEqualTo(Outcome.done(adjustment));
        assertThat(total(listing)).isEqualTo(9);
        assertThat(stored(sold)).isEqualTo(sold.withReturnOf(3));
    }

    @Test
    void duplicatesAtTheSameTimeAreOneReturn() {
        // Given
        Listing listing = stocked(10, 4);
        Reservation sold = sold(listing, 1);
        Adjustment adjustment = Samples.returnOf(sold, 1);

        // When
        List<Outcome<Adjustment>> outcomes = adjustAll(Collections.nCopies(16, adjustment));

        // Then
        assertThat(outcomes).containsOnly(Outcome.done(adjustment));
        assertThat(total(listing)).isEqualTo(10);
        assertThat(stored(sold)).isEqualTo(sold.withReturnOf(1));
    }

    @Test
    void duplicatesAtTheSameTimeTakeTheLastUnitsOnce() {
        // Given
        Listing listing = stocked(10, 4);
        Adjustment damage =
                new Adjustment("all", sku(listing), -10, Adjustment.Reason.DAMAGE, Samples.NOW, Samples.ADMIN);

        // When
        List<Outcome<Adjustment>> outcomes = adjustAll(Collections.nCopies(16, damage));

        // Then
        assertThat(outcomes).containsOnly(Outcome.done(damage));
        assertThat(total(listing)).isZero();
    }

    @Test
    void atTheSameTimeNoMoreComesBackThanWasSold() {
        // Given
        Listing listing = stocked(20, 4);
        Reservation sold = sold(listing, 5);

        // When
        List<Outcome<Adjustment>> outcomes = adjustAll(
                Stream.generate(() -> Samples.returnOf(sold, 1)).limit(9).toList());

        // Then
        assertThat(outcomes).filteredOn(Outcome.Done.class::isInstance).hasSize(5);
        assertThat(outcomes)
                .filteredOn(Outcome.Refused.class::isInstance)
                .hasSize(4)
                .containsOnly(Outcome.refused(new Refusal.MoreThanSold(sold.id(), 0)));
        assertThat(total(listing)).isEqualTo(20);
        assertThat(stored(sold)).isEqualTo(sold.withReturnOf(5));
    }

    @Test
    void aReturnOfWhichTheAnswerWasLostHappensOnce() {
        // Given
        Listing listing = stocked(10, 2);
        Reservation sold = sold(listing, 1);
        Adjustment adjustment = Samples.returnOf(sold, 1);
        stock(new AnswersLost(table))
                .adjust(adjustment)
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create())
                .awaitFailure(PATIENCE);

        // When
        Outcome<Adjustment> again = adjust(adjustment);

        // Then
        assertThat(again).isEqualTo(Outcome.done(adjustment));
        assertThat(total(listing)).isEqualTo(10);
        assertThat(stored(sold)).isEqualTo(sold.withReturnOf(1));
    }

    @Test
    void aReturnThatWasDoneBetweenTwoLooksIsNotRefused() {
        // Given
        Listing listing = stocked(10, 1);
        Reservation held = held(listing, 1);
        Adjustment adjustment = Samples.returnOf(held, 1);
        StockTable overtaken = new Overtaken(
                table,
                () -> reservations
                        .confirm(held, null)
                        .chain(() -> table.takeBack(adjustment, List.of(new Portion(0, 1)), held.sold(null))));

        // When
        Outcome<Adjustment> outcome =
                stock(overtaken).adjust(adjustment).await().atMost(PATIENCE);

        // Then
        assertThat(outcome).isEqualTo(Outcome.done(adjustment));
        assertThat(total(listing)).isEqualTo(10);
        assertThat(stored(held)).isEqualTo(held.sold(null).withReturnOf(1));
    }

    @Test
    void ofWhatIsNotSoldNothingComesBack() {
        // Given
        Listing listing = stocked(10, 1);
        Reservation held = held(listing, 1);
        Reservation queued = Samples.held(Samples.request(sku(listing), 1), 0, Duration.ofMinutes(10));

        // When
        Outcome<Adjustment> ofHeld = adjust(Samples.returnOf(held, 1));
        Outcome<Adjustment> ofQueued = adjust(Samples.returnOf(queued, 1));

        // Then
        assertThat(ofHeld).isEqualTo(Outcome.refused(new Refusal.WrongState(held.id(), Reservation.Status.HELD)));
        assertThat(ofQueued).isEqualTo(Outcome.refused(new Refusal.WrongState(queued.id(), Reservation.Status.QUEUED)));
        assertThat(total(listing)).isEqualTo(9);
    }

    @Test
    void aKeyIsNotTakenForAReturnInAnotherReservation() {
        // Given
        Listing listing = stocked(10, 1);
        Adjustment first = Samples.returnOf(sold(listing, 1), 1);
        adjust(first);
        Reservation other = sold(listing, 1);

        // When
        Outcome<Adjustment> outcome = adjust(
                new Adjustment(first.id(), sku(listing), 1, first.reason(), Samples.NOW, Samples.ADMIN, other.key()));

        // Then
        assertThat(outcome).isEqualTo(Outcome.refused(new Refusal.KeyReused()));
        assertThat(stored(other)).isEqualTo(other);
    }

    @Test
    void aReturnFitsIntoATransactionHoweverManyShardsThereAre() {
        // Given
        Listing listing = stocked(100, 120);
        Reservation sold = sold(listing, 100);

        // When
        Outcome<Adjustment> outcome = adjust(Samples.returnOf(sold, 100));

        // Then
        assertThat(outcome).isInstanceOf(Outcome.Done.class);
        assertThat(total(listing)).isEqualTo(100);
        assertThat(stored(sold)).isEqualTo(sold.withReturnOf(100));
    }

    private Stock stock(StockTable table) {
        Retries retries = new Retries(ThreadLocalRandom.current()::nextInt, Pauses.real());
        GroupCommits commits = new GroupCommits(
                table,
                () -> UUID.randomUUID().toString(),
                clock,
                new Neighbours(Pods.alone("pod")),
                Pauses.real(),
                ThreadLocalRandom.current()::nextInt);
        StockLevels levels = new GatheredStockLevels(table, clock);
        SoldOut soldOut = new SoldOut(Ticker.systemTicker(), News.toNobody());
        return new Stock(products, products, table, reservations, commits, levels, levels, soldOut, retries);
    }

    private Outcome<Adjustment> adjust(Adjustment adjustment) {
        return stock(table).adjust(adjustment).await().atMost(PATIENCE);
    }

    /** Half of them in one process, half in another. */
    private List<Outcome<Adjustment>> adjustAll(List<Adjustment> adjustments) {
        List<Stock> processes = List.of(stock(table), stock(table));
        List<Uni<Outcome<Adjustment>>> calls = new ArrayList<>();
        adjustments.forEach(it -> calls.add(processes.get(calls.size() % 2).adjust(it)));
        return Uni.join().all(calls).andFailFast().await().atMost(PATIENCE);
    }

    /** A product with all its units on its first shard. */
    private Listing stocked(int units, int shards) {
        Listing listing = Samples.listing(Samples.newSku(), shards);
        products.create(listing).await().atMost(PATIENCE);
        table.adjust(Samples.adjustment(sku(listing), units), List.of(new Portion(0, units)))
                .await()
                .atMost(PATIENCE);
        return listing;
    }

    private Reservation held(Listing listing, int units) {
        Reservation hold = Samples.held(Samples.request(sku(listing), units), 0, Duration.ofMinutes(10));
        table.commit(new GroupCommit(
                        UUID.randomUUID().toString(), Samples.NOW, sku(listing), 0, List.of(hold), List.of()))
                .await()
                .atMost(PATIENCE);
        return hold;
    }

    private Reservation sold(Listing listing, int units) {
        Reservation hold = held(listing, units);
        reservations.confirm(hold, null).await().atMost(PATIENCE);
        return hold.sold(null);
    }

    private Reservation stored(Reservation reservation) {
        return reservations
                .find(reservation.user(), reservation.id())
                .await()
                .atMost(PATIENCE)
                .orElseThrow();
    }

    private long total(Listing listing) {
        return Spread.total(table.gather(sku(listing), listing.layout().readShards())
                .await()
                .atMost(PATIENCE));
    }

    private static Sku sku(Listing listing) {
        return listing.product().sku();
    }

    /** The real table, where others do something after the second look for an adjustment. */
    private static final class Overtaken extends ForwardingStock {
        private final Supplier<Uni<?>> others;
        private final AtomicInteger looks = new AtomicInteger();

        Overtaken(StockTable table, Supplier<Uni<?>> others) {
            super(table);
            this.others = others;
        }

        @Override
        public Uni<Optional<Adjustment>> adjustment(Sku sku, String id) {
            return table.adjustment(sku, id)
                    .call(() -> looks.incrementAndGet() == 2
                            ? others.get()
                            : Uni.createFrom().voidItem());
        }
    }

    /** The real table, whose answers to returns that happened do not arrive. */
    private static final class AnswersLost extends ForwardingStock {
        AnswersLost(StockTable table) {
            super(table);
        }

        @Override
        public Uni<Attempt> takeBack(Adjustment adjustment, List<Portion> portions, Reservation sold) {
            return table.takeBack(adjustment, portions, sold).invoke(attempt -> {
                if (attempt == Attempt.DONE) {
                    throw new Unavailable("The answer was lost");
                }
            });
        }
    }
}
