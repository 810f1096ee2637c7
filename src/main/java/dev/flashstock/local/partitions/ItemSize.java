package dev.flashstock.local.partitions;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.ToLongFunction;

/**
 * How large an item is, and what that costs
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html).
 */
final class ItemSize {
    private static final int WRITE_UNIT_BYTES = 1024;
    private static final int READ_UNIT_BYTES = 4096;
    private static final int LIST_OR_MAP_BYTES = 3;

    private ItemSize() {}

    /** The units that writing an item costs: one for each KiB begun. */
    static double writeUnits(JsonNode item) {
        return unitsBegun(bytes(item), WRITE_UNIT_BYTES);
    }

    /** The units that reading an item costs with strong consistency: one for each 4 KiB begun, one for nothing found. */
    static double readUnits(JsonNode item) {
        return unitsBegun(bytes(item), READ_UNIT_BYTES);
    }

    private static double unitsBegun(long bytes, int unit) {
        return Math.max(1, (bytes + unit - 1) / unit);
    }

    /** Names and values together. */
    static long bytes(JsonNode item) {
        long bytes = 0;
        for (Map.Entry<String, JsonNode> field : item.properties()) {
            bytes += utf8(field.getKey()) + valueBytes(field.getValue());
        }
        return bytes;
    }

    private static long valueBytes(JsonNode value) {
        if (value.isEmpty()) {
            return 0;
        }
        Map.Entry<String, JsonNode> typed = value.properties().iterator().next();
        JsonNode content = typed.getValue();
        return switch (typed.getKey()) {
            case "S" -> utf8(content.asText());
            case "N" -> numberBytes(content.asText());
            case "B" -> base64Bytes(content.asText());
            case "SS" -> sum(content, it -> utf8(it.asText()));
            case "NS" -> sum(content, it -> numberBytes(it.asText()));
            case "BS" -> sum(content, it -> base64Bytes(it.asText()));
            case "L" -> LIST_OR_MAP_BYTES + sum(content, it -> 1 + valueBytes(it));
            case "M" -> LIST_OR_MAP_BYTES + content.size() + bytes(content);
            default -> 1; // BOOL, NULL
        };
    }

    private static long sum(JsonNode list, ToLongFunction<JsonNode> bytes) {
        long sum = 0;
        for (JsonNode element : list) {
            sum += bytes.applyAsLong(element);
        }
        return sum;
    }

    private static long utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static long base64Bytes(String text) {
        return text.length() / 4L * 3 - (text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0);
    }

    /** A byte for two significant digits, one more for the whole, one for a sign. */
    private static long numberBytes(String number) {
        boolean negative = number.startsWith("-");
        String digits = number.replaceFirst("[eE].*", "")
                .replaceAll("[^0-9]", "")
                .replaceFirst("^0+", "")
                .replaceFirst("0+$", "");
        return (digits.length() + 1L) / 2 + 1 + (negative ? 1 : 0);
    }
}
