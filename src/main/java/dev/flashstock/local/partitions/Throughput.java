package dev.flashstock.local.partitions;

import java.util.Map;

/**
 * What a table's requests have cost since its limits were set.
 *
 * @param readUnits read units consumed, indexes included
 * @param writeUnits write units consumed, indexes included
 * @param refusedRequests requests that were throttled as a whole
 * @param throttles how often each limit was exceeded, by reason; entries of batches and transactions count one by one
 * @param conflicts requests that met a transaction in flight
 * @param hottestKeys the keys with the most throttles, then units; those of an index after its name
 */
public record Throughput(
        double readUnits,
        double writeUnits,
        long refusedRequests,
        Map<String, Long> throttles,
        long conflicts,
        Map<String, Key> hottestKeys) {

    /** Of a table without limits. */
    public static final Throughput NONE = new Throughput(0, 0, 0, Map.of(), 0, Map.of());

    /**
     * One key's part.
     *
     * @param units units consumed
     * @param throttles how often its partition's limit was exceeded
     */
    public record Key(double units, long throttles) implements Comparable<Key> {
        Key plus(Key more) {
            return new Key(units + more.units, throttles + more.throttles);
        }

        /** The hottest first. */
        @Override
        public int compareTo(Key other) {
            int byThrottles = Long.compare(other.throttles, throttles);
            return byThrottles != 0 ? byThrottles : Double.compare(other.units, units);
        }
    }
}
