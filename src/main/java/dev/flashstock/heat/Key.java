package dev.flashstock.heat;

import org.jspecify.annotations.Nullable;

/**
 * A partition key: what has heat.
 *
 * @param value its value
 * @param index the index whose key it is; null: the table's own
 */
public record Key(String value, @Nullable String index) {
    /** A key of the table itself. */
    public static Key ofTable(String value) {
        return new Key(value, null);
    }

    @Override
    public String toString() {
        return index == null ? value : index + ":" + value;
    }
}
