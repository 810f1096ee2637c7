package dev.flashstock;

import dev.flashstock.dynamodb.Retention;
import dev.flashstock.inventory.Listing;
import dev.flashstock.sharding.Layout;
import dev.flashstock.stock.Adjustment;
import dev.flashstock.stock.IdempotencyKey;
import dev.flashstock.stock.Price;
import dev.flashstock.stock.Product;
import dev.flashstock.stock.Quantity;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ReservationId;
import dev.flashstock.stock.ReservationRequest;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.Currency;
import java.util.List;
import java.util.UUID;

/** Values for tests: made short, and new names where tests share a table. */
public final class Samples {
    public static final Instant NOW = Instant.parse("2026-11-27T09:00:00Z");
    /** What ids and queued requests are signed with: the current one, and the one before. */
    public static final List<String> SECRETS =
            List.of("a-secret-of-the-tests-and-of-nobody-else", "a-secret-that-the-tests-had-before-that-one");

    public static final UserId ADMIN = new UserId("admin");
    /** DynamoDB Local removes what is over: never what a test looks at, whatever the date is then. */
    public static final Retention RETENTION = new Retention(Duration.ofDays(36_500));

    private Samples() {}

    public static Sku newSku() {
        return new Sku("test-" + UUID.randomUUID());
    }

    public static UserId newUser() {
        return new UserId("user-" + UUID.randomUUID());
    }

    public static IdempotencyKey newKey() {
        return new IdempotencyKey(UUID.randomUUID().toString());
    }

    public static Product product(Sku sku) {
        return product(sku, Product.Status.ON_SALE);
    }

    public static Product product(Sku sku, Product.Status status) {
        return new Product(
                sku,
                "Game console",
                new Price(49_900, Currency.getInstance("EUR")),
                status,
                null,
                null,
                Duration.ofMinutes(10),
                null,
                UUID.randomUUID().toString());
    }

    public static Listing listing(Sku sku, int shards) {
        return new Listing(product(sku), Layout.of(shards));
    }

    /** A product whose sale has ended. */
    public static Listing ended(Sku sku, int shards) {
        return new Listing(product(sku, Product.Status.ENDED), Layout.of(shards));
    }

    public static ReservationRequest request(Sku sku, UserId user, int units) {
        return new ReservationRequest(ReservationId.of(sku, newKey()), user, new Quantity(units), NOW);
    }

    public static ReservationRequest request(Sku sku, int units) {
        return request(sku, newUser(), units);
    }

    /** A hold that began at {@link #NOW}. */
    public static Reservation held(ReservationRequest request, int shard, Duration holdTime) {
        return Reservation.held(request, new Reservation.Hold(shard, NOW.plus(holdTime), false, null));
    }

    public static Adjustment adjustment(Sku sku, long delta) {
        return new Adjustment(Adjustment.idFor(sku, newKey()), sku, delta, Adjustment.Reason.DELIVERY, NOW, ADMIN);
    }

    public static Adjustment returnOf(Reservation sold, long units) {
        Sku sku = sold.sku();
        String id = Adjustment.idFor(sku, newKey());
        return new Adjustment(id, sku, units, Adjustment.Reason.RETURN, NOW, ADMIN, sold.key());
    }
}
