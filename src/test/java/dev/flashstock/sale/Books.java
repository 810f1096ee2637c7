package dev.flashstock.sale;

import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A SKU's units as the items themselves tell them.
 *
 * @param stocked the sum of its adjustments, units that came back after they were sold among them
 * @param available the sum of its shards
 * @param held the units of its holds
 * @param confirmed the units sold, those that came back since among them
 */
public record Books(long stocked, long available, long held, long confirmed) {
    /** Invariant 2: no unit is lost, and none came from nowhere. */
    public boolean balance() {
        return stocked == available + held + confirmed;
    }

    /** Invariant 1: more is sold than there was. */
    boolean oversold() {
        return held + confirmed > stocked;
    }

    /** Counts item by item, by a scan of the whole table: nothing that the service counts with is used. */
    static Books of(DynamoDbAsyncClient client, String table, String sku) {
        return of(scan(client, table), sku);
    }

    /** The same, of items that were read before. */
    public static Books of(List<Map<String, AttributeValue>> items, String sku) {
        return of(Found.of(items, sku));
    }

    static Books of(Found found) {
        long stocked = found.adjustments().values().stream()
                .mapToLong(Found.Adjusted::delta)
                .sum();
        long available =
                found.shards().values().stream().mapToLong(Long::longValue).sum();
        return new Books(stocked, available, found.units("HELD"), found.units("CONFIRMED"));
    }

    /** Every item of a table. */
    public static List<Map<String, AttributeValue>> scan(DynamoDbAsyncClient client, String table) {
        return Found.scan(client, table);
    }
}
