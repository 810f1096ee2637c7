package dev.flashstock.sale;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;

/**
 * A SKU's units as the items themselves tell them.
 *
 * @param stocked the sum of its adjustments
 * @param available the sum of its shards
 * @param held the units of its holds
 * @param confirmed the units sold
 */
public record Books(long stocked, long available, long held, long confirmed) {
    /** Invariant 2: no unit is lost, and none came from nowhere. */
    public boolean balance() {
        return stocked == available + held + confirmed;
    }

    /** Counts item by item, by a scan of the whole table: nothing that the service counts with is used. */
    static Books of(DynamoDbAsyncClient client, String table, String sku) {
        return of(scan(client, table), sku);
    }

    /** The same, of items that were read before. */
    public static Books of(List<Map<String, AttributeValue>> items, String sku) {
        Books books = new Books(0, 0, 0, 0);
        for (Map<String, AttributeValue> item : items) {
            books = books.plus(item, sku);
        }
        return books;
    }

    /** Every item of a table. */
    public static List<Map<String, AttributeValue>> scan(DynamoDbAsyncClient client, String table) {
        List<Map<String, AttributeValue>> items = new ArrayList<>();
        ScanRequest scan =
                ScanRequest.builder().tableName(table).consistentRead(true).build();
        while (true) {
            var page = client.scan(scan).join();
            items.addAll(page.items());
            if (!page.hasLastEvaluatedKey()) {
                return items;
            }
            scan = scan.toBuilder().exclusiveStartKey(page.lastEvaluatedKey()).build();
        }
    }

    private Books plus(Map<String, AttributeValue> item, String sku) {
        String partition = item.get("PK").s();
        String sort = item.get("SK").s();
        if (partition.equals("ADJUSTMENT#" + sku)) {
            return new Books(stocked + number(item, "delta"), available, held, confirmed);
        }
        if (partition.startsWith("STOCK#" + sku + "#")) {
            return new Books(stocked, available + number(item, "available"), held, confirmed);
        }
        if (sort.startsWith("RESERVATION#" + sku + ".")) {
            return switch (item.get("status").s()) {
                case "HELD" -> new Books(stocked, available, held + number(item, "quantity"), confirmed);
                case "CONFIRMED" -> new Books(stocked, available, held, confirmed + number(item, "quantity"));
                default -> this;
            };
        }
        return this;
    }

    private static long number(Map<String, AttributeValue> item, String attribute) {
        return Long.parseLong(item.get(attribute).n());
    }
}
