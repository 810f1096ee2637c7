package dev.flashstock.api;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How stock is changed in bulk. */
@ConfigMapping(prefix = "flashstock.adjustments")
public interface AdjustmentsConfig {
    /**
     * The largest upload; what comes after it is not read.
     *
     * @return the size, in bytes or with a unit; not under 64 KiB, the wall for all other bodies
     */
    @WithDefault("64M")
    MemorySize maxBytes();

    /**
     * How long an upload goes on when its caller neither sends a byte nor reads one.
     *
     * @return the time, 100 ms to an hour
     */
    @WithDefault("30s")
    Duration patience();
}
