package dev.flashstock.dynamodb;

import static dev.flashstock.dynamodb.Schema.number;
import static dev.flashstock.dynamodb.Schema.text;

import dev.flashstock.inventory.Expiry;
import dev.flashstock.sharding.Layout;
import dev.flashstock.stock.Adjustment;
import dev.flashstock.stock.Price;
import dev.flashstock.stock.Product;
import dev.flashstock.stock.Quantity;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ReservationId;
import dev.flashstock.stock.ShardLevel;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.UserId;
import java.time.Duration;
import java.time.Instant;
import java.util.Currency;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Items to values and back. Times are stored in milliseconds since the epoch. */
final class Items {
    private Items() {}

    static Map<String, AttributeValue> of(Product product) {
        Map<String, AttributeValue> item = new HashMap<>(Schema.product(product.sku()));
        item.put(Schema.SKU, text(product.sku().value()));
        item.put(Schema.NAME, text(product.name()));
        item.put(Schema.PRICE_MINOR, number(product.price().minorUnits()));
        item.put(Schema.CURRENCY, text(product.price().currency().getCurrencyCode()));
        item.put(Schema.STATUS, text(product.status().name()));
        put(item, Schema.STARTS_AT, product.startsAt());
        put(item, Schema.ENDS_AT, product.endsAt());
        item.put(Schema.HOLD_SECONDS, number(product.holdTime().toSeconds()));
        Integer perUserLimit = product.perUserLimit();
        if (perUserLimit != null) {
            item.put(Schema.PER_USER_LIMIT, number(perUserLimit));
        }
        item.put(Schema.REVISION, text(product.revision()));
        item.put(Schema.STATUS_SHARD, text(Schema.statusShard(product.status(), Schema.statusShardOf(product.sku()))));
        return item;
    }

    static Product product(Map<String, AttributeValue> item) {
        return new Product(
                new Sku(string(item, Schema.SKU)),
                string(item, Schema.NAME),
                new Price(integer(item, Schema.PRICE_MINOR), Currency.getInstance(string(item, Schema.CURRENCY))),
                Product.Status.valueOf(string(item, Schema.STATUS)),
                instant(item, Schema.STARTS_AT),
                instant(item, Schema.ENDS_AT),
                Duration.ofSeconds(integer(item, Schema.HOLD_SECONDS)),
                item.containsKey(Schema.PER_USER_LIMIT) ? (int) integer(item, Schema.PER_USER_LIMIT) : null,
                string(item, Schema.REVISION));
    }

    static Layout layout(Map<String, AttributeValue> item) {
        int writeShards = (int) integer(item, Schema.WRITE_SHARDS);
        return new Layout(
                writeShards,
                (int) integer(item, Schema.READ_SHARDS),
                integer(item, Schema.VERSION),
                (int) integer(item, Schema.WANTED_SHARDS, writeShards),
                (int) integer(item, Schema.CHOSEN_SHARDS, writeShards),
                integer(item, Schema.MOVED, 0));
    }

    static ShardLevel level(int shard, @Nullable Map<String, AttributeValue> item) {
        // A shard that never had a unit has no item, or one that says nothing but that it is closed.
        return item == null
                ? new ShardLevel(shard, 0, 0)
                : new ShardLevel(
                        shard,
                        integer(item, Schema.AVAILABLE, 0),
                        integer(item, Schema.VERSION, 0),
                        integer(item, Schema.MOVED, 0),
                        item.containsKey(Schema.CLOSED));
    }

    static Map<String, AttributeValue> like(UserId user, Sku sku, int shard) {
        Map<String, AttributeValue> item = new HashMap<>(Schema.like(user, sku));
        item.put(Schema.SHARD, number(shard));
        return item;
    }

    static Map<String, AttributeValue> of(Reservation reservation) {
        Map<String, AttributeValue> item = new HashMap<>(Schema.reservation(reservation.user(), reservation.id()));
        item.put(Schema.STATUS, text(reservation.status().name()));
        put(item, Schema.CREATED_AT, reservation.createdAt());
        Quantity quantity = reservation.quantity();
        if (quantity != null) {
            item.put(Schema.QUANTITY, number(quantity.units()));
        }
        Reservation.Hold hold = reservation.hold();
        if (hold != null) {
            item.put(Schema.SHARD, number(hold.shard()));
            put(item, Schema.EXPIRES_AT, hold.expiresAt());
            if (hold.extended()) {
                item.put(Schema.EXTENDED, AttributeValue.fromBool(true));
            }
            Integer limit = hold.limit();
            if (limit != null) {
                item.put(Schema.LIMIT, number(limit));
            }
        }
        Reservation.Rejection rejection = reservation.rejection();
        if (rejection != null) {
            item.put(Schema.REASON, text(rejection.reason().name()));
            item.put(Schema.AVAILABLE, number(rejection.available()));
        }
        return item;
    }

    static Reservation reservation(Map<String, AttributeValue> item) {
        return new Reservation(
                new ReservationId(string(item, Schema.SK).substring(Schema.RESERVATION_PREFIX.length())),
                new UserId(string(item, Schema.PK).substring("USER#".length())),
                item.containsKey(Schema.QUANTITY) ? new Quantity((int) integer(item, Schema.QUANTITY)) : null,
                Reservation.Status.valueOf(string(item, Schema.STATUS)),
                instant(item, Schema.CREATED_AT),
                hold(item),
                item.containsKey(Schema.PAYMENT_REFERENCE) ? string(item, Schema.PAYMENT_REFERENCE) : null,
                item.containsKey(Schema.RETURNED) ? (int) integer(item, Schema.RETURNED) : 0,
                rejection(item));
    }

    private static Reservation.@Nullable Hold hold(Map<String, AttributeValue> item) {
        return item.containsKey(Schema.SHARD)
                ? new Reservation.Hold(
                        (int) integer(item, Schema.SHARD),
                        Instant.ofEpochMilli(integer(item, Schema.EXPIRES_AT)),
                        item.containsKey(Schema.EXTENDED),
                        item.containsKey(Schema.LIMIT) ? (int) integer(item, Schema.LIMIT) : null)
                : null;
    }

    private static Reservation.@Nullable Rejection rejection(Map<String, AttributeValue> item) {
        return item.containsKey(Schema.REASON)
                ? new Reservation.Rejection(
                        Reservation.Reason.valueOf(string(item, Schema.REASON)), integer(item, Schema.AVAILABLE))
                : null;
    }

    static Map<String, AttributeValue> of(Adjustment adjustment) {
        Map<String, AttributeValue> item = new HashMap<>(Schema.adjustment(adjustment.sku(), adjustment.id()));
        item.put(Schema.SKU, text(adjustment.sku().value()));
        item.put(Schema.DELTA, number(adjustment.delta()));
        item.put(Schema.REASON, text(adjustment.reason().name()));
        put(item, Schema.ADJUSTED_AT, adjustment.adjustedAt());
        item.put(Schema.ADJUSTED_BY, text(adjustment.adjustedBy().value()));
        Reservation.Key reservation = adjustment.reservation();
        if (reservation != null) {
            item.put(Schema.USER, text(reservation.user().value()));
            item.put(Schema.RESERVATION, text(reservation.id().value()));
        }
        return item;
    }

    static Adjustment adjustment(Map<String, AttributeValue> item) {
        return new Adjustment(
                string(item, Schema.SK),
                new Sku(string(item, Schema.SKU)),
                integer(item, Schema.DELTA),
                Adjustment.Reason.valueOf(string(item, Schema.REASON)),
                Instant.ofEpochMilli(integer(item, Schema.ADJUSTED_AT)),
                new UserId(string(item, Schema.ADJUSTED_BY)),
                item.containsKey(Schema.RESERVATION)
                        ? new Reservation.Key(
                                new UserId(string(item, Schema.USER)),
                                new ReservationId(string(item, Schema.RESERVATION)))
                        : null);
    }

    /** All that an expiry says is in its key. */
    static Expiry expiry(Map<String, AttributeValue> item) {
        String[] fields = string(item, Schema.SK).split("#", -1);
        return new Expiry(
                Instant.parse(fields[0]),
                new Sku(fields[1]),
                Integer.parseInt(fields[2]),
                Instant.parse(fields[3]),
                fields[4]);
    }

    static long integer(Map<String, AttributeValue> item, String attribute) {
        return Long.parseLong(present(item, attribute).n());
    }

    private static long integer(Map<String, AttributeValue> item, String attribute, long ifAbsent) {
        return item.containsKey(attribute) ? integer(item, attribute) : ifAbsent;
    }

    static String string(Map<String, AttributeValue> item, String attribute) {
        return present(item, attribute).s();
    }

    static AttributeValue present(Map<String, AttributeValue> item, String attribute) {
        AttributeValue value = item.get(attribute);
        if (value == null) {
            throw new IllegalStateException(
                    "The item " + item.get(Schema.PK) + " " + item.get(Schema.SK) + " has no attribute " + attribute);
        }
        return value;
    }

    private static @Nullable Instant instant(Map<String, AttributeValue> item, String attribute) {
        return item.containsKey(attribute) ? Instant.ofEpochMilli(integer(item, attribute)) : null;
    }

    private static void put(Map<String, AttributeValue> item, String attribute, @Nullable Instant instant) {
        if (instant != null) {
            item.put(attribute, number(instant.toEpochMilli()));
        }
    }
}
