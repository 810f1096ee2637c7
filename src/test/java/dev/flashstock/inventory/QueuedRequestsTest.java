package dev.flashstock.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flashstock.Samples;
import dev.flashstock.stock.Portion;
import dev.flashstock.stock.Product;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ReservationRequest;
import dev.flashstock.stock.Sku;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What becomes of a queued request, against the real table. */
@QuarkusTest
class QueuedRequestsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Inject
    ProductTable products;

    @Inject
    StockTable stock;

    @Inject
    ReservationTable reservations;

    @Inject
    Holds holds;

    private final Sku sku = Samples.newSku();
    private final ReservationRequest request = Samples.request(sku, 1);

    /** When the request's turn comes. */
    private Instant turn = request.requestedAt();

    @Test
    void aRequestIsHeldWhenItsTurnComes() {
        // Given
        Listing listing = onSale(Product.Status.ON_SALE, null);

        // When
        Reservation settled = settle(Optional.of(listing));

        // Then
        assertThat(settled.status()).isEqualTo(Reservation.Status.HELD);
    }

    @Test
    void aRequestThatWasMadeBeforeTheEndIsHeldAfterIt() {
        // Given
        Listing listing = onSale(Product.Status.ON_SALE, 1L);

        // When
        Reservation settled = settle(Optional.of(listing));

        // Then
        assertThat(settled.status()).isEqualTo(Reservation.Status.HELD);
    }

    @Test
    void aRequestForAProductThatIsNotSoldAnyMoreIsRejectedForGood() {
        // Given
        Listing listing = onSale(Product.Status.PAUSED, null);

        // When
        Reservation settled = settle(Optional.of(listing));

        // Then
        assertThat(settled.rejection()).isEqualTo(new Reservation.Rejection(Reservation.Reason.NOT_ON_SALE, 0));
        assertThat(reservations.find(request.user(), request.id()).await().atMost(PATIENCE))
                .contains(settled);
    }

    @Test
    void aRequestForAProductThatIsGoneIsRejectedForGood() {
        // When
        Reservation settled = settle(Optional.empty());

        // Then
        assertThat(settled.rejection()).isEqualTo(new Reservation.Rejection(Reservation.Reason.UNKNOWN_PRODUCT, 0));
    }

    @Test
    void aProcessThatRemembersTheTimeBeforeTheProductDoesNotRejectForGood() {
        // Given
        onSale(Product.Status.ON_SALE, null);

        // When
        Reservation settled = settle(Optional.empty());

        // Then
        assertThat(settled.status()).isEqualTo(Reservation.Status.HELD);
    }

    @Test
    void aProcessThatRemembersTheTimeBeforeTheSaleDoesNotRejectForGood() {
        // Given
        Listing listing = onSale(Product.Status.ON_SALE, null);
        Listing before = new Listing(Samples.product(sku, Product.Status.DRAFT), listing.layout());

        // When
        Reservation settled = settle(Optional.of(before));

        // Then
        assertThat(settled.status()).isEqualTo(Reservation.Status.HELD);
    }

    @Test
    void aRequestThatHasWaitedAsLongAsUnitsAreHeldIsHeldStill() {
        // Given
        Listing listing = onSale(Product.Status.ON_SALE, null);
        turn = request.requestedAt().plus(listing.product().holdTime());

        // When
        Reservation settled = settle(Optional.of(listing));

        // Then
        assertThat(settled.status()).isEqualTo(Reservation.Status.HELD);
    }

    @Test
    void aRequestThatHasWaitedLongerThanUnitsAreHeldIsRejectedForGood() {
        // Given
        Listing listing = onSale(Product.Status.ON_SALE, null);
        turn = request.requestedAt().plus(listing.product().holdTime()).plusMillis(1);

        // When
        Reservation settled = settle(Optional.of(listing));

        // Then
        assertThat(settled.rejection()).isEqualTo(new Reservation.Rejection(Reservation.Reason.TOO_LATE, 0));
        assertThat(recorded()).contains(settled);
        assertThat(stock.gather(sku, 1).await().atMost(PATIENCE).get(0).available())
                .isEqualTo(5);
    }

    /** What was rejected, released or expired is known for a day at least: a copy that comes later is late. */
    @Test
    void howeverLongUnitsAreHeldARequestWaitsForTwentyThreeHoursAtMost() {
        // Given
        Listing listing = onSale(Product.Status.ON_SALE, null, Duration.ofHours(24));
        turn = request.requestedAt().plus(Duration.ofHours(23)).plusMillis(1);

        // When
        Reservation settled = settle(Optional.of(listing));

        // Then
        assertThat(settled.rejection()).isEqualTo(new Reservation.Rejection(Reservation.Reason.TOO_LATE, 0));
        assertThat(stock.gather(sku, 1).await().atMost(PATIENCE).get(0).available())
                .isEqualTo(5);
    }

    @Test
    void aCopyThatComesInTimeFindsWhatTheRequestBecame() {
        // Given
        Listing listing = onSale(Product.Status.ON_SALE, null);
        Reservation first = settle(Optional.of(listing));

        // When
        Reservation copy = settle(Optional.of(listing));

        // Then
        assertThat(copy).isEqualTo(first);
        assertThat(stock.gather(sku, 1).await().atMost(PATIENCE).get(0).available())
                .isEqualTo(4);
    }

    /** Its item is gone by then: nothing of it was ever in this table. */
    @Test
    void aCopyThatComesWhenNothingIsKnownOfTheRequestTakesNothing() {
        // Given
        Listing listing = onSale(Product.Status.ON_SALE, null, Duration.ofHours(24));
        turn = request.requestedAt().plus(Duration.ofDays(30));

        // When
        Reservation settled = settle(Optional.of(listing));

        // Then
        assertThat(settled.status()).isEqualTo(Reservation.Status.REJECTED);
        assertThat(stock.gather(sku, 1).await().atMost(PATIENCE).get(0).available())
                .isEqualTo(5);
    }

    @Test
    void aRequestThatIsLateIsRejectedAlsoWhereItsProductIsNotRememberedYet() {
        // Given
        Listing listing = onSale(Product.Status.ON_SALE, null);
        turn = request.requestedAt().plus(listing.product().holdTime()).plusMillis(1);

        // When
        Reservation settled = settle(Optional.empty());

        // Then
        assertThat(settled.rejection()).isEqualTo(new Reservation.Rejection(Reservation.Reason.TOO_LATE, 0));
    }

    @Test
    void aLateCopyOfARequestThatWasHeldInTimeFindsTheHold() {
        // Given
        Listing listing = onSale(Product.Status.ON_SALE, null);
        Reservation held = settle(Optional.of(listing));
        turn = request.requestedAt().plus(listing.product().holdTime()).plusSeconds(1);

        // When
        Reservation settled = settle(Optional.of(listing));

        // Then
        assertThat(held.status()).isEqualTo(Reservation.Status.HELD);
        assertThat(settled).isEqualTo(held);
    }

    @Test
    void aRequestThatIsGivenUpIsRejectedForGood() {
        // When
        Reservation ended = giveUp();

        // Then
        assertThat(ended.rejection()).isEqualTo(new Reservation.Rejection(Reservation.Reason.NOT_DECIDED, 0));
        assertThat(recorded()).contains(ended);
    }

    @Test
    void aRequestThatWasDecidedIsNotGivenUp() {
        // Given
        Reservation held = settle(Optional.of(onSale(Product.Status.ON_SALE, null)));

        // When
        Reservation ended = giveUp();

        // Then
        assertThat(ended).isEqualTo(held);
        assertThat(recorded()).contains(held);
    }

    private Reservation settle(Optional<Listing> remembered) {
        return queued(remembered).settle(request).await().atMost(PATIENCE);
    }

    private Reservation giveUp() {
        return queued(Optional.empty()).giveUp(request).await().atMost(PATIENCE);
    }

    private QueuedRequests queued(Optional<Listing> remembered) {
        return new QueuedRequests(
                sku -> Uni.createFrom().item(remembered),
                products,
                reservations,
                holds,
                new Retries(bound -> 0, Pauses.real()),
                () -> turn);
    }

    private Optional<Reservation> recorded() {
        return reservations.find(request.user(), request.id()).await().atMost(PATIENCE);
    }

    /** A product with stock, its sale ending so many milliseconds after the request was made; null: it does not end. */
    private Listing onSale(Product.Status status, @Nullable Long endsAfter) {
        return onSale(status, endsAfter, Samples.product(sku).holdTime());
    }

    private Listing onSale(Product.Status status, @Nullable Long endsAfter, Duration holdTime) {
        Product it = Samples.product(sku, status);
        Listing listing = new Listing(
                new Product(
                        sku,
                        it.name(),
                        it.price(),
                        status,
                        null,
                        endsAfter == null ? null : request.requestedAt().plusMillis(endsAfter),
                        holdTime,
                        null,
                        UUID.randomUUID().toString()),
                dev.flashstock.sharding.Layout.of(1));
        products.create(listing).await().atMost(PATIENCE);
        stock.adjust(Samples.adjustment(sku, 5), List.of(new Portion(0, 5)))
                .await()
                .atMost(PATIENCE);
        return listing;
    }
}
