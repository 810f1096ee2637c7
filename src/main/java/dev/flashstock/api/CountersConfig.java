package dev.flashstock.api;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How views and likes are counted. */
@ConfigMapping(prefix = "flashstock.counters")
public interface CountersConfig {
    /**
     * How long views wait in this process until they are written: a process that is killed loses those.
     *
     * @return the time from one flush to the next, 100 ms to a minute
     */
    @WithDefault("1s")
    Duration flush();

    /**
     * How long this process, and caches on the way, remember a total.
     *
     * @return the time, 100 ms to an hour
     */
    @WithDefault("5s")
    Duration ttl();
}
