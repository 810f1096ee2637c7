package dev.flashstock.dynamodb;

import dev.flashstock.heat.Heat;
import dev.flashstock.heat.Key;
import dev.flashstock.heat.Throttle.Access;

/**
 * A partition key that a request reads or writes.
 *
 * @param entry the position in its request of the item whose key it is
 * @param key the key
 * @param access read or written
 * @param halfUnits what each unit's worth of bytes costs, in half units
 */
record Touch(int entry, Key key, Access access, int halfUnits) {
    private static final int READ_UNIT_BYTES = 4_096;
    private static final int WRITE_UNIT_BYTES = 1_024;

    /** Counts that so many bytes were read or written; nothing found costs as much as a little. */
    void draw(long bytes, Heat heat) {
        int unit = access == Access.READ ? READ_UNIT_BYTES : WRITE_UNIT_BYTES;
        heat.drew(key, access, halfUnits * Math.max(1, (bytes + unit - 1) / unit));
    }
}
