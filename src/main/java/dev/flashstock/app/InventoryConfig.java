package dev.flashstock.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How stock is sold. */
@ConfigMapping(prefix = "flashstock.inventory")
public interface InventoryConfig {
    /**
     * Which shard a reservation tries first.
     *
     * @return {@code owned}: one of this pod's own, which keeps pods out of each other's way; {@code random}, or {@code
     *     hash} of the user
     */
    @WithDefault("owned")
    Choice shardChoice();

    /**
     * How long this process remembers a product: another process's change is seen after this time.
     *
     * @return the time, up to a minute
     */
    @WithDefault("1s")
    Duration listingTtl();

    /** Ways to choose a shard. */
    enum Choice {
        /** Any of those that are this pod's own. */
        OWNED,
        /** Any of them. */
        RANDOM,
        /** The same for the same user. */
        HASH
    }
}
