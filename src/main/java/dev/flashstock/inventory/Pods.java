package dev.flashstock.inventory;

import java.util.Set;

/**
 * Port: which pods are alive. It is a help to keep out of each other's way and nothing more: it may be late, and two
 * pods may see it differently.
 */
public interface Pods {
    /**
     * This pod.
     *
     * @return its id, another one after each start
     */
    String self();

    /**
     * The pods that were alive when it was last known.
     *
     * @return their ids, 1 to {@value dev.flashstock.sharding.Ownership#MAX_PODS}, this one's always among them; from
     *     memory, the same unmodifiable set as long as nothing changes
     */
    Set<String> living();

    /**
     * A pod that knows of no other.
     *
     * @param self its id
     * @return itself
     */
    static Pods alone(String self) {
        Set<String> living = Set.of(self);
        return new Pods() {
            @Override
            public String self() {
                return self;
            }

            @Override
            public Set<String> living() {
                return living;
            }
        };
    }
}
