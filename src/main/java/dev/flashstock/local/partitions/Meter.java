package dev.flashstock.local.partitions;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The buckets of one table and what was spent from them, since its limits were set. Not safe for several threads. */
final class Meter {
    /** The buckets that were used longest ago are forgotten beyond this number, and begin full again. */
    private static final int MAX_BUCKETS = 100_000;

    /** How many keys the figures name. */
    private static final int HOTTEST = 10;

    private static final int MAX_KEYS = 10_000;

    private record Bucket(@Nullable String index, Access access, Object partition) {}

    private final Limits limits;
    private final Map<Bucket, TokenBucket> buckets = bounded(MAX_BUCKETS);
    private final Map<String, Throughput.Key> keys = bounded(MAX_KEYS);
    private final Map<String, Long> throttles = new TreeMap<>();
    private double readUnits;
    private double writeUnits;
    private long refused;
    private long conflicts;

    Meter(Limits limits) {
        this.limits = limits;
    }

    private static <K, V> Map<K, V> bounded(int most) {
        return new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > most;
            }
        };
    }

    Limits limits() {
        return limits;
    }

    /**
     * The limit that a charge would exceed, the partition's before the table's; null: none.
     *
     * @param together what the charges before it want from each bucket; this one is added
     */
    @Nullable
    LimitType exceeded(Charge charge, Map<TokenBucket, Double> together, long now) {
        String key = charge.key();
        if (key != null && !admits(partition(charge, key, now), charge, together, now)) {
            return LimitType.KEY_RANGE;
        }
        Limits.TableLimit table = limits.table();
        return table != null && !admits(whole(charge, table, now), charge, together, now)
                ? table.kind().type()
                : null;
    }

    private static boolean admits(TokenBucket bucket, Charge charge, Map<TokenBucket, Double> together, long now) {
        return bucket.admits(together.merge(bucket, charge.units(), Double::sum), now);
    }

    /** Spends units; a negative number gives them back. */
    void spend(Charge charge, double units, long now) {
        if (charge.key() != null) {
            partition(charge, charge.key(), now).spend(units);
            keys.merge(name(charge), new Throughput.Key(units, 0), Throughput.Key::plus);
        }
        if (limits.table() != null) {
            whole(charge, limits.table(), now).spend(units);
        }
        consume(charge.access(), units);
    }

    /** Counts what was consumed where no key is known. */
    void consume(Access access, double units) {
        if (access == Access.READ) {
            readUnits += units;
        } else {
            writeUnits += units;
        }
    }

    /** Counts a charge that was refused. */
    void throttled(Charge charge, LimitType type) {
        throttles.merge(Refusals.reason(charge, type), 1L, Long::sum);
        if (charge.key() != null && type == LimitType.KEY_RANGE) {
            keys.merge(name(charge), new Throughput.Key(0, 1), Throughput.Key::plus);
        }
    }

    /** Counts a request that was refused, whole. */
    void refused() {
        refused++;
    }

    /** Counts a request that met a transaction in flight. */
    void conflicted() {
        conflicts++;
    }

    Throughput throughput() {
        Map<String, Throughput.Key> hottest = new LinkedHashMap<>();
        keys.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .limit(HOTTEST)
                .forEachOrdered(key -> hottest.put(key.getKey(), key.getValue()));
        return new Throughput(readUnits, writeUnits, refused, new TreeMap<>(throttles), conflicts, hottest);
    }

    private TokenBucket partition(Charge charge, String key, long now) {
        Object partition = limits.partitions() == 0 ? key : Math.floorMod(spread(key), limits.partitions());
        return bucket(charge, partition, limits.unitsOf(charge.access()), now);
    }

    private TokenBucket whole(Charge charge, Limits.TableLimit table, long now) {
        return bucket(charge, Access.class, table.unitsOf(charge.access()), now);
    }

    private TokenBucket bucket(Charge charge, Object partition, double perSecond, long now) {
        Function<Bucket, TokenBucket> full = it -> new TokenBucket(perSecond, now);
        return buckets.computeIfAbsent(new Bucket(charge.index(), charge.access(), partition), full);
    }

    /** Mixes the bits of a key's hash (the finisher of MurmurHash3): neighbours go to partitions as if by chance. */
    private static int spread(String key) {
        int hash = key.hashCode();
        hash = (hash ^ (hash >>> 16)) * 0x85ebca6b;
        hash = (hash ^ (hash >>> 13)) * 0xc2b2ae35;
        return hash ^ (hash >>> 16);
    }

    private static String name(Charge charge) {
        return charge.index() == null ? "" + charge.key() : charge.index() + ":" + charge.key();
    }
}
