package dev.flashstock.api;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What HTTP costs at most, beyond Quarkus's own {@code quarkus.http.*}. */
@ConfigMapping(prefix = "flashstock.http")
public interface HttpConfig {
    /**
     * How long a body may take until it is there. An upload of adjustments may take longer.
     *
     * @return the time, 100 ms to an hour
     */
    @WithDefault("30s")
    Duration bodyTimeout();
}
