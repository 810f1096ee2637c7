package dev.flashstock.api;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;

/** Streams of server-sent events. */
@ConfigMapping(prefix = "flashstock.events")
public interface EventsConfig {
    /**
     * The most streams that this process has open.
     *
     * @return how many
     */
    @WithDefault("10000")
    @Min(0)
    @Max(1_000_000)
    int maxStreams();

    /**
     * How often a stream on which nothing happens says that it is alive.
     *
     * @return the time
     */
    @WithDefault("15s")
    Duration heartbeat();
}
