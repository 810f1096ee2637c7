package dev.flashstock.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** A DAX cluster before the table, for the catalogue. Who asks it is who asks DynamoDB. */
@ConfigMapping(prefix = "flashstock.dax")
public interface DaxConfig {
    /**
     * Where the cluster is.
     *
     * @return its endpoint, {@code dax://host} or {@code daxs://host}, perhaps with a port; nothing: there is none
     */
    Optional<String> endpoint();

    /**
     * How long an answer is waited for before the table is asked.
     *
     * @return the time, 10 ms to 10 s
     */
    @WithDefault("250ms")
    Duration timeout();
}
