package dev.flashstock.sale;

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
 * @param adjustments deltas, by the adjustments' ids
 * @param shards units available, by the shards' numbers
 * @param reservations what was recorded, by user and id
 */
record Found(Map<String, Long> adjustments, SortedMap<Integer, Long> shards, Map<Key, Recorded> reservations) {
    /**
     * Whose reservation.
     *
     * @param user the user
     * @param id the reservation's id
     */
    record Key(String user, String id) {}

    /**
     * A reservation's item. What it does not have is null.
     *
     * @param createdAt milliseconds since the epoch
     * @param expiresAt milliseconds since the epoch
     * @param available the units that were left when it was rejected
     */
    record Recorded(
            String status,
            @Nullable Long quantity,
            @Nullable Long createdAt,
            @Nullable Long expiresAt,
            @Nullable Long shard,
            @Nullable String reason,
            @Nullable Long available) {}

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
        Found found = new Found(new HashMap<>(), new TreeMap<>(), new HashMap<>());
        items.forEach(item -> found.add(item, sku));
        return found;
    }

    private void add(Map<String, AttributeValue> item, String sku) {
        String partition = item.get("PK").s();
        String sort = item.get("SK").s();
        String shard = "STOCK#" + sku + "#";
        if (partition.equals("ADJUSTMENT#" + sku)) {
            adjustments.put(sort, number(item, "delta"));
        } else if (partition.startsWith(shard)) {
            shards.put(Integer.valueOf(partition.substring(shard.length())), number(item, "available"));
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
                            number(item, "available")));
        }
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
