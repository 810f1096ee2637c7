package dev.flashstock.inventory;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * How many are under way of each kind, and room for more. Of a kind of which there is none nothing is kept.
 *
 * @param <K> the kind
 */
public final class Places<K> {
    private final ConcurrentMap<K, Integer> taken = new ConcurrentHashMap<>();

    /**
     * Takes a place.
     *
     * @param kind of which kind
     * @param most how many may be taken of it
     * @return whether there was one; it is {@linkplain #leave left} then, once
     */
    public boolean take(K kind, int most) {
        if (taken.merge(kind, 1, Integer::sum) <= most) {
            return true;
        }
        leave(kind);
        return false;
    }

    /**
     * Leaves a place.
     *
     * @param kind of which kind
     */
    public void leave(K kind) {
        taken.computeIfPresent(kind, (same, many) -> many == 1 ? null : many - 1);
    }

    /**
     * Of how many kinds something is under way.
     *
     * @return how many
     */
    int kinds() {
        return taken.size();
    }
}
