package dev.flashstock.api;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Streams of server-sent events. */
@ConfigMapping(prefix = "flashstock.events")
public interface EventsConfig {
    /**
     * The most streams that this process has open.
     *
     * @return how many, 0 to a million
     */
    @WithDefault("10000")
    int maxStreams();

    /**
     * How often a stream on which nothing happens says that it is alive.
     *
     * @return the time, 100 ms to an hour
     */
    @WithDefault("15s")
    Duration heartbeat();
}
