package dev.flashstock.heat;

import dev.flashstock.heat.Throttle.Access;
import dev.flashstock.heat.Window.Rates;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * This process's heat: how often each partition key was asked for in the last seconds, what units it drew and how often it
 * was refused. Of everything that is counted the frequent is kept and the rest is not, in bounded memory
 * ({@link Window}).
 *
 * <p>Safe for several threads.
 */
public final class Heat {
    /** How far it looks back, in seconds; what is older than the present one counts less. */
    public static final int SECONDS = Window.SECONDS;

    /** Of each measure so many keys are told, the hottest. */
    public static final int KEYS = 100;

    /** Units are counted in halves: a read that need not be consistent costs one. */
    private static final double HALVES = 2;

    private final Window<Key> requests;
    private final Window<Key> reads;
    private final Window<Key> writes;
    private final Window<Key> unprocessed;
    private final Window<Refused> refused;
    private final Window<Throttle> throttles;

    /** A key that was refused, and why. */
    private record Refused(Key key, Throttle throttle) {}

    /**
     * Begins to count.
     *
     * @param nanoTime a clock, in nanoseconds
     */
    public Heat(LongSupplier nanoTime) {
        requests = new Window<>(nanoTime);
        reads = new Window<>(nanoTime);
        writes = new Window<>(nanoTime);
        unprocessed = new Window<>(nanoTime);
        refused = new Window<>(nanoTime);
        throttles = new Window<>(nanoTime);
    }

    /** Counts that a key was asked for. */
    public void asked(Key key) {
        requests.add(key, 1);
    }

    /**
     * Counts what a key drew.
     *
     * @param key the key
     * @param access reads or writes
     * @param halfUnits how much, in half units, at least 1
     */
    public void drew(Key key, Access access, long halfUnits) {
        (access == Access.READ ? reads : writes).add(key, halfUnits);
    }

    /** Counts that a batch has left a key out, which does not tell why. */
    public void leftOut(Key key) {
        unprocessed.add(key, 1);
    }

    /** Counts that a key was refused. */
    public void refused(Key key, Throttle throttle) {
        refused.add(new Refused(key, throttle), 1);
    }

    /** Counts a throttle, of whatever key. */
    public void throttled(Throttle throttle) {
        throttles.add(throttle, 1);
    }

    /** What is frequent now. */
    public Snapshot now() {
        Rates<Key> asked = requests.rates();
        Rates<Key> read = reads.rates();
        Rates<Key> written = writes.rates();
        Rates<Key> leftOut = unprocessed.rates();
        Map<Key, Map<Throttle, Double>> refusals = new HashMap<>();
        refused.rates()
                .rates()
                .forEach((it, times) -> refusals.computeIfAbsent(it.key(), key -> new HashMap<>())
                        .put(it.throttle(), times));

        Set<Key> hottest = new HashSet<>(refusals.keySet());
        Stream.of(asked, read, written, leftOut).flatMap(Heat::hottest).forEach(hottest::add);
        Map<Key, Load> keys = new HashMap<>();
        for (Key key : hottest) {
            keys.put(
                    key,
                    new Load(
                            rate(asked, key),
                            rate(read, key) / HALVES,
                            rate(written, key) / HALVES,
                            rate(leftOut, key),
                            refusals.getOrDefault(key, Map.of())));
        }
        Load total = new Load(
                asked.total(),
                read.total() / HALVES,
                written.total() / HALVES,
                leftOut.total(),
                throttles.rates().rates());
        return new Snapshot(total, keys).hottest(KEYS);
    }

    private static Stream<Key> hottest(Rates<Key> rates) {
        return rates.rates().entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .limit(KEYS)
                .map(Map.Entry::getKey);
    }

    private static double rate(Rates<Key> rates, Key key) {
        return rates.rates().getOrDefault(key, 0.0);
    }
}
