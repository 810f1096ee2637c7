package dev.flashstock.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Traces, as far as they are flashstock's own: all else is {@code quarkus.otel.*}. */
@ConfigMapping(prefix = "flashstock.traces")
public interface TracesConfig {
    /**
     * Whether a caller's trace goes on here, and is recorded because the caller says so.
     *
     * @return true only where everybody who can reach the process is trusted
     */
    @WithDefault("false")
    boolean trustCallers();
}
