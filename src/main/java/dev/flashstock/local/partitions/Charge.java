package dev.flashstock.local.partitions;

import org.jspecify.annotations.Nullable;

/**
 * What one entry of a request costs in one place, as far as can be told before.
 *
 * @param entry the entry's position in its request
 * @param table the table
 * @param index the index; null: the table itself
 * @param access what for
 * @param key the partition key's value; null when there is not one, as in a scan
 * @param units the estimate
 * @param exact whether the size is known already; else DynamoDB Local tells it afterwards
 */
record Charge(
        int entry,
        TableShape table,
        @Nullable String index,
        Access access,
        @Nullable String key,
        double units,
        boolean exact) {

    /** Where units are counted together. */
    record Place(String table, @Nullable String index) {}

    Place place() {
        return new Place(table.name(), index);
    }
}
