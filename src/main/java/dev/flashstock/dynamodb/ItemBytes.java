package dev.flashstock.dynamodb;

import java.util.Collection;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * How large items are, nearly: a character counts as a byte, which of flashstock's items is so but for the names of products.
 */
final class ItemBytes {
    private static final int OF_CONTAINER = 3;

    private ItemBytes() {}

    static long of(Collection<Map<String, AttributeValue>> items) {
        return items.stream().mapToLong(ItemBytes::of).sum();
    }

    /** Names and values together. */
    static long of(Map<String, AttributeValue> item) {
        long bytes = 0;
        for (Map.Entry<String, AttributeValue> attribute : item.entrySet()) {
            bytes += attribute.getKey().length() + of(attribute.getValue());
        }
        return bytes;
    }

    private static long of(AttributeValue value) {
        return switch (value.type()) {
            case S -> value.s().length();
            case N -> value.n().length() / 2 + 1;
            case B -> value.b().asByteArrayUnsafe().length;
            case L ->
                OF_CONTAINER + value.l().stream().mapToLong(it -> 1 + of(it)).sum();
            case M -> OF_CONTAINER + value.m().size() + of(value.m());
            default -> 1;
        };
    }
}
