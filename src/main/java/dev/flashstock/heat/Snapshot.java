package dev.flashstock.heat;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What was frequent at a moment: everything together, and the hottest keys. A key that is not among them is colder than those
 * that are.
 *
 * @param total everything together; its throttles are of every attempt, and so may be more than the keys' own
 * @param keys the hottest keys
 */
public record Snapshot(Load total, Map<Key, Load> keys) {
    /** Nothing. */
    public static final Snapshot NONE = new Snapshot(Load.NONE, Map.of());

    /** Makes it unmodifiable. */
    public Snapshot {
        keys = Map.copyOf(keys);
    }

    /** Two processes' together. */
    public Snapshot plus(Snapshot other) {
        Map<Key, Load> both = new HashMap<>(keys);
        other.keys.forEach((key, load) -> both.merge(key, load, Load::plus));
        return new Snapshot(total.plus(other.total), both);
    }

    /**
     * The same with fewer keys.
     *
     * @param most so many of each: the most asked for, read, written and refused
     */
    public Snapshot hottest(int most) {
        Set<Key> hottest = Stream.<ToDoubleFunction<Load>>of(
                        Load::requests, Load::readUnits, Load::writeUnits, Load::throttled)
                .flatMap(by -> most(by, most))
                .collect(Collectors.toSet());
        Map<Key, Load> fewer = new HashMap<>(keys);
        fewer.keySet().retainAll(hottest);
        return new Snapshot(total, fewer);
    }

    private Stream<Key> most(ToDoubleFunction<Load> by, int most) {
        return keys.entrySet().stream()
                .filter(it -> by.applyAsDouble(it.getValue()) > 0)
                .sorted(Comparator.comparingDouble((Map.Entry<Key, Load> it) -> by.applyAsDouble(it.getValue()))
                        .reversed())
                .limit(most)
                .map(Map.Entry::getKey);
    }
}
