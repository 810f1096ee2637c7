package dev.flashstock.local.partitions;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the gate needs to know of a table.
 *
 * @param name its name
 * @param arn its Amazon Resource Name
 * @param onDemand whether it is paid for by request
 * @param hashKey its partition key's attribute
 * @param rangeKey its sort key's attribute, if it has one
 * @param indexes the partition keys' attributes of its global secondary indexes, by index
 */
record TableShape(
        String name,
        String arn,
        boolean onDemand,
        String hashKey,
        @Nullable String rangeKey,
        Map<String, String> indexes) {

    /** Reads the answer to {@code DescribeTable}. */
    static TableShape of(JsonNode described) {
        JsonNode table = described.path("Table");
        Map<String, String> indexes = new TreeMap<>();
        for (JsonNode index : table.path("GlobalSecondaryIndexes")) {
            indexes.put(index.path("IndexName").asText(), key(index, "HASH").asText());
        }
        JsonNode rangeKey = key(table, "RANGE");
        return new TableShape(
                table.path("TableName").asText(),
                table.path("TableArn").asText(),
                table.path("BillingModeSummary").path("BillingMode").asText().equals("PAY_PER_REQUEST"),
                key(table, "HASH").asText(),
                rangeKey.isMissingNode() ? null : rangeKey.asText(),
                indexes);
    }

    private static JsonNode key(JsonNode keyed, String type) {
        for (JsonNode element : keyed.path("KeySchema")) {
            if (element.path("KeyType").asText().equals(type)) {
                return element.path("AttributeName");
            }
        }
        return keyed.path("none");
    }

    /** The partition key's attribute of the table, or of an index. */
    String hashKeyOf(@Nullable String index) {
        return index == null ? hashKey : indexes.getOrDefault(index, hashKey);
    }

    /** The resource that a throttling reason names. */
    String resource(@Nullable String index) {
        return index == null ? arn : arn + "/index/" + index;
    }

    /** One item of this table, told from all others. */
    String itemKey(JsonNode keyOrItem) {
        String range = rangeKey == null ? "" : keyOrItem.path(rangeKey).toString();
        return name + '\n' + keyOrItem.path(hashKey) + '\n' + range;
    }
}
