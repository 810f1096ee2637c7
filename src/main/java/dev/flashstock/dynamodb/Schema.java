package dev.flashstock.dynamodb;

import dev.flashstock.inventory.Expiry;
import dev.flashstock.inventory.LedgerTable;
import dev.flashstock.stock.Product;
import dev.flashstock.stock.ReservationId;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.UserId;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The table's keys, attributes, index, limits and conditions, each named once. */
final class Schema {
    static final String PK = "PK";
    static final String SK = "SK";

    static final String BY_STATUS = "ByStatus";
    static final String STATUS_SHARD = "statusShard";

    /** Over how many keys the items of one status are spread. */
    static final int STATUS_SHARDS = 64;

    static final String SKU = "sku";
    static final String NAME = "name";
    static final String PRICE_MINOR = "priceMinor";
    static final String CURRENCY = "currency";
    static final String STATUS = "status";
    static final String STARTS_AT = "startsAt";
    static final String ENDS_AT = "endsAt";
    static final String HOLD_SECONDS = "holdSeconds";
    static final String PER_USER_LIMIT = "perUserLimit";
    static final String REVISION = "revision";

    static final String WRITE_SHARDS = "writeShards";
    static final String READ_SHARDS = "readShards";
    static final String VERSION = "version";
    static final String AVAILABLE = "available";
    static final String WANTED_SHARDS = "wantedShards";
    static final String CHOSEN_SHARDS = "chosenShards";
    static final String MOVED = "moved";
    /** On a shard that is given no units any more. */
    static final String CLOSED = "closed";

    static final String QUANTITY = "quantity";
    static final String CREATED_AT = "createdAt";
    static final String EXPIRES_AT = "expiresAt";
    static final String SHARD = "shard";
    static final String REASON = "reason";

    static final String EXTENDED = "wasExtended";
    static final String LIMIT = "limit";
    static final String PAYMENT_REFERENCE = "paymentReference";
    /** The units that have come back after they were sold. */
    static final String RETURNED = "returned";

    /** The units that count against a user's limit. */
    static final String UNITS = "units";

    /** How many views or likes a shard of theirs has. */
    static final String COUNTED = "counted";

    /** When DynamoDB may remove an item, in seconds since the epoch. */
    static final String TIME_TO_LIVE = "ttl";

    static final String CHANGES = "changes";

    static final String DELTA = "delta";
    static final String ADJUSTED_AT = "adjustedAt";
    static final String ADJUSTED_BY = "adjustedBy";
    static final String USER = "user";
    static final String RESERVATION = "reservation";

    /** On a layout whose product was deleted: its shards and its books stay. */
    static final String DELETED = "deleted";

    static final String AUDIT_ID = "id";
    static final String STATE = "state";
    static final String STARTED_BY = "startedBy";
    static final String STARTED_AT = "startedAt";
    static final String FINISHED_AT = "finishedAt";
    static final String HEARTBEAT = "heartbeat";
    static final String PROGRESS = "progress";
    static final String FAILURE = "failure";
    static final String RESULT = "result";
    /** The id of the audit whose difference was repaired. */
    static final String REPAIRED_AUDIT = "repairedAudit";

    static final String TERM = "term";
    static final String GENERATION = "generation";
    static final String LEVELS = "levels";
    static final String OWNER = "owner";
    static final String BEAT = "beat";
    static final String STREAM = "stream";
    static final String UP_TO = "upTo";
    static final String MARKS = "marks";
    static final String WRITTEN_AT = "writtenAt";

    static final String PRODUCT_ITEM = "PRODUCT";
    static final String LAYOUT_ITEM = "LAYOUT";
    private static final String STOCK_ITEM = "STOCK";
    private static final Pattern STOCK_KEY = Pattern.compile("STOCK#(" + Sku.PATTERN + ")#(\\d{1,9})");
    static final String RESERVATION_PREFIX = "RESERVATION#";

    /** A batch, and a transaction, reads at most this many items. */
    static final int BATCH_GET_ITEMS = 100;

    static final String IF_ABSENT = "attribute_not_exists(" + PK + ")";
    /** On layouts: the product is there. */
    static final String IF_LISTED = "attribute_exists(" + PK + ") AND attribute_not_exists(" + DELETED + ")";

    /** On layouts: the product is not there, and perhaps never was. */
    static final String IF_NOT_LISTED = "attribute_not_exists(" + PK + ") OR attribute_exists(" + DELETED + ")";

    /** On shards: it may be given units. */
    static final String IF_OPEN = "attribute_not_exists(" + CLOSED + ")";

    /** A reservation's status is changed only from {@code HELD}: whoever is first wins. */
    static final String IF_HELD = "#status = :held";

    static final Map<String, String> STATUS_NAME = Map.of("#status", STATUS);
    static final Map<String, String> VERSION_NAME = Map.of("#version", VERSION);

    private static final DateTimeFormatter MILLIS = utc("uuuu-MM-dd'T'HH:mm:ss.SSSX");
    private static final DateTimeFormatter MINUTE = utc("uuuu-MM-dd'T'HH:mm");
    private static final DateTimeFormatter HOUR = utc("uuuu-MM-dd'T'HH");

    private Schema() {}

    static Map<String, AttributeValue> product(Sku sku) {
        return key("PRODUCT#" + sku, PRODUCT_ITEM);
    }

    static Map<String, AttributeValue> layout(Sku sku) {
        return key("PRODUCT#" + sku, LAYOUT_ITEM);
    }

    static Map<String, AttributeValue> shard(Sku sku, int number) {
        return key("STOCK#" + sku + "#" + number, STOCK_ITEM);
    }

    /** Whose shard a key is, and which; nothing when it is another item's. */
    static Optional<Shard> shard(Map<String, AttributeValue> key) {
        Matcher matcher = STOCK_KEY.matcher(Items.string(key, PK));
        return matcher.matches()
                ? Optional.of(new Shard(new Sku(matcher.group(1)), Integer.parseInt(matcher.group(2))))
                : Optional.empty();
    }

    /** A shard's key, read. */
    record Shard(Sku sku, int number) {}

    static Map<String, AttributeValue> summary(Sku sku) {
        return key("SUMMARY#" + sku, "SUMMARY");
    }

    /** Who keeps the summaries. */
    static Map<String, AttributeValue> summaryLease() {
        return key("SUMMARY", "LEASE");
    }

    static Map<String, AttributeValue> reservation(UserId user, ReservationId id) {
        return key(user(user), RESERVATION_PREFIX + id);
    }

    static String user(UserId user) {
        return "USER#" + user;
    }

    static Map<String, AttributeValue> adjustment(Sku sku, String id) {
        return key(adjustments(sku), id);
    }

    static String adjustments(Sku sku) {
        return "ADJUSTMENT#" + sku;
    }

    static Map<String, AttributeValue> audit(Sku sku) {
        return key("AUDIT#" + sku, "AUDIT");
    }

    static Map<String, AttributeValue> limit(UserId user, Sku sku) {
        return key(user(user), "LIMIT#" + sku);
    }

    static Map<String, AttributeValue> like(UserId user, Sku sku) {
        return key(user(user), "LIKE#" + sku);
    }

    static Map<String, AttributeValue> likes(Sku sku, int shard) {
        return key("LIKES#" + sku + "#" + shard, "LIKES");
    }

    static Map<String, AttributeValue> views(Sku sku, int shard) {
        return key("VIEWS#" + sku + "#" + shard, "VIEWS");
    }

    /** Times that are as long as each other sort as text. */
    static Map<String, AttributeValue> movement(Sku sku, Instant at, String id) {
        return key(ledger(sku, at, bucket(id)), position(at, id));
    }

    static String position(Instant at, String id) {
        return MILLIS.format(at) + "#" + id;
    }

    static String ledger(Sku sku, Instant hour, int bucket) {
        return ledger(sku) + "#" + hour(hour) + "#" + bucket;
    }

    /** Where the hours are noted that have movements. */
    static String ledger(Sku sku) {
        return "LEDGER#" + sku;
    }

    static String hour(Instant moment) {
        return HOUR.format(moment);
    }

    static Instant hour(String text) {
        return Instant.parse(text + ":00:00Z");
    }

    /** Says that there are movements in an hour. */
    static Map<String, AttributeValue> ledgerHour(Sku sku, Instant hour) {
        return key(ledger(sku), hour(hour));
    }

    static Map<String, AttributeValue> expiry(Expiry expiry) {
        return key(
                expiries(expiry.dueAt(), expiry.bucket()),
                String.join(
                        "#",
                        MILLIS.format(expiry.dueAt()),
                        expiry.sku().value(),
                        Integer.toString(expiry.shard()),
                        MILLIS.format(expiry.movedAt()),
                        expiry.movement()));
    }

    static String expiries(Instant minute, int bucket) {
        return "EXPIRY#" + MINUTE.format(minute) + "#" + bucket;
    }

    /** The sort key before which everything is due. */
    static String dueBefore(Instant moment) {
        return MILLIS.format(moment);
    }

    private static int bucket(String id) {
        return Math.floorMod(id.hashCode(), LedgerTable.BUCKETS);
    }

    private static DateTimeFormatter utc(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
    }

    static String statusShard(Product.Status status, int shard) {
        return status + "#" + shard;
    }

    static int statusShardOf(Sku sku) {
        return Math.floorMod(sku.value().hashCode(), STATUS_SHARDS);
    }

    private static Map<String, AttributeValue> key(String partition, String sort) {
        return Map.of(PK, text(partition), SK, text(sort));
    }

    static AttributeValue text(String value) {
        return AttributeValue.fromS(value);
    }

    static AttributeValue number(long value) {
        return AttributeValue.fromN(Long.toString(value));
    }
}
