package dev.flashstock.sale;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;

/**
 * What a table has of a SKU, item by item: nothing that the service reads or counts with is used.
 *
 * @param adjustments what was changed by hand, by the adjustments' ids
 * @param shards units available, by the shards' numbers
 * @param reservations what was recorded, by user and id
 * @param limits units that count against users' limits, by user
 * @param movements the ledger
 * @param expiries the ids of movements of which something is due, each with the moments
 */
record Found(
        Map<String, Adjusted> adjustments,
        SortedMap<Integer, Long> shards,
        Map<Key, Recorded> reservations,
        Map<String, Long> limits,
        List<Moved> movements,
        Map<String, List<Instant>> expiries) {
    /**
     * Whose reservation.
     *
     * @param user the user
     * @param id the reservation's id
     */
    record Key(String user, String id) {}

    /**
     * An adjustment's item.
     *
     * @param delta units
     * @param reservation in which sold units came back; null when it is no return
     */
    record Adjusted(long delta, @Nullable Key reservation) {}

    /**
     * A reservation's item. What it does not have is null.
     *
     * @param createdAt milliseconds since the epoch
     * @param expiresAt milliseconds since the epoch
     * @param available the units that were left when it was rejected
     * @param extended whether it was made longer
     * @param limit the limit that it counts against
     * @param payment how it was paid
     * @param returned the units that have come back since
     */
    record Recorded(
            String status,
            @Nullable Long quantity,
            @Nullable Long createdAt,
            @Nullable Long expiresAt,
            @Nullable Long shard,
            @Nullable String reason,
            @Nullable Long available,
            boolean extended,
            @Nullable Long limit,
            @Nullable String payment,
            long returned) {
        /** What has become of it, in a few words. */
        String kind() {
            String back = returned == 0 ? "" : " returned";
            return reason == null ? status + (extended ? " extended" : "") + back : reason;
        }

        /** Whether units are held for it, and its time was over before. */
        boolean isOver(long millis) {
            return status.equals("HELD") && expiresAt != null && expiresAt < millis;
        }
    }

    /**
     * A movement's item.
     *
     * @param id its id
     * @param changes units that came or went, by the shards' numbers
     * @param lines why
     */
    record Moved(String id, Map<Integer, Long> changes, List<Line> lines) {
        private static final List<String> KINDS = List.of("holds", "releases", "expiries", "adjustments", "moves");

        private static Moved of(Map<String, AttributeValue> item, String sku) {
            Map<Integer, Long> changes = new HashMap<>();
            for (String change : item.get("changes").s().split(" ", -1)) {
                String[] parts = change.split(":", -1);
                changes.merge(Integer.valueOf(parts[0]), Long.valueOf(parts[1]), Long::sum);
            }
            List<Line> lines = new ArrayList<>();
            KINDS.stream()
                    .filter(item::containsKey)
                    .forEach(kind -> item.get(kind)
                            .s()
                            .lines()
                            .forEach(line -> lines.add(Line.of(kind, line.split("\t", -1), sku))));
            String sort = item.get("SK").s();
            return new Moved(sort.substring(sort.indexOf('#') + 1), changes, lines);
        }
    }

    /**
     * A line of a movement.
     *
     * @param key whose; null when it is none's
     * @param by who did it by hand; null when nobody did
     * @param why in their words
     */
    record Line(
            String kind,
            long units,
            @Nullable Key key,
            @Nullable String by,
            @Nullable String why) {
        private static Line of(String kind, String[] fields, String sku) {
            boolean ofReservation = fields.length > 2 && !fields[1].isEmpty();
            return new Line(
                    kind,
                    Long.parseLong(fields[0]),
                    ofReservation ? new Key(fields[2], sku + "." + fields[1]) : null,
                    fields.length > 3 ? fields[3] : null,
                    fields.length > 4 ? fields[4] : null);
        }

        /** Its kind, and why in the words of whoever did it. */
        String about() {
            return kind + (why == null ? "" : " " + why);
        }

        /** The same, without who did it. */
        Line unsigned() {
            return new Line(kind, units, key, null, null);
        }
    }

    /** All items of a table. */
    static List<Map<String, AttributeValue>> scan(DynamoDbAsyncClient client, String table) {
        List<Map<String, AttributeValue>> items = new ArrayList<>();
        client.scanPaginator(ScanRequest.builder()
                        .tableName(table)
                        .consistentRead(true)
                        .build())
                .items()
                .subscribe(items::add)
                .join();
        return items;
    }

    static Found of(List<Map<String, AttributeValue>> items, String sku) {
        Found found = new Found(
                new HashMap<>(), new TreeMap<>(), new HashMap<>(), new HashMap<>(), new ArrayList<>(), new HashMap<>());
        items.forEach(item -> found.add(item, sku));
        return found;
    }

    private void add(Map<String, AttributeValue> item, String sku) {
        String partition = item.get("PK").s();
        String sort = item.get("SK").s();
        String shard = "STOCK#" + sku + "#";
        if (partition.equals("ADJUSTMENT#" + sku)) {
            adjustments.put(sort, adjusted(item));
        } else if (partition.startsWith(shard)) {
            shards.put(Integer.valueOf(partition.substring(shard.length())), number(item, "available"));
        } else if (sort.equals("LIMIT#" + sku)) {
            limits.put(partition.substring("USER#".length()), number(item, "units"));
        } else if (partition.startsWith("LEDGER#" + sku + "#")) {
            movements.add(Moved.of(item, sku));
        } else if (partition.startsWith("EXPIRY#") && sort.contains("#" + sku + "#")) {
            String[] parts = sort.split("#", -1);
            expiries.computeIfAbsent(parts[4], movement -> new ArrayList<>()).add(Instant.parse(parts[0]));
        } else if (sort.startsWith("RESERVATION#" + sku + ".")) {
            Key key = new Key(partition.substring("USER#".length()), sort.substring("RESERVATION#".length()));
            reservations.put(
                    key,
                    new Recorded(
                            item.get("status").s(),
                            number(item, "quantity"),
                            number(item, "createdAt"),
                            number(item, "expiresAt"),
                            number(item, "shard"),
                            item.containsKey("reason") ? item.get("reason").s() : null,
                            number(item, "available"),
                            item.containsKey("wasExtended"),
                            number(item, "limit"),
                            item.containsKey("paymentReference")
                                    ? item.get("paymentReference").s()
                                    : null,
                            item.containsKey("returned") ? number(item, "returned") : 0));
        }
    }

    private static Adjusted adjusted(Map<String, AttributeValue> item) {
        Key key = item.containsKey("reservation")
                ? new Key(item.get("user").s(), item.get("reservation").s())
                : null;
        return new Adjusted(number(item, "delta"), key);
    }

    private static @Nullable Long number(Map<String, AttributeValue> item, String attribute) {
        return item.containsKey(attribute) ? Long.valueOf(item.get(attribute).n()) : null;
    }

    /** The units of all reservations in a state. */
    long units(String status) {
        return reservations.values().stream()
                .filter(it -> it.status().equals(status) && it.quantity() != null)
                .mapToLong(Recorded::quantity)
                .sum();
    }
}
