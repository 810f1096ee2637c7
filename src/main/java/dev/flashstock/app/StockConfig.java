package dev.flashstock.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How old the stock may be that readers are told. */
@ConfigMapping(prefix = "flashstock.stock")
public interface StockConfig {
    /**
     * How old a total may be before the shards are counted again, by one process for all.
     *
     * @return the time, at most an hour
     */
    @WithDefault("10s")
    Duration ttl();

    /**
     * For how much longer it is told while they are counted.
     *
     * @return the time, at most an hour
     */
    @WithDefault("5s")
    Duration stale();

    /**
     * How long this process remembers what Redis has told it.
     *
     * @return the time, 10 ms to 10 s and no longer than {@link #ttl}
     */
    @WithDefault("250ms")
    Duration podTtl();
}
