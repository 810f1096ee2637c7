package dev.flashstock.api;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How reservations are asked for. */
@ConfigMapping(prefix = "flashstock.reservations")
public interface ReservationsConfig {
    /**
     * The secrets that reservation ids are sealed with, each at least 32 bytes: the current one first, then earlier
     * ones that are still accepted. The same for all processes.
     *
     * @return the secrets; required in production
     */
    Optional<List<String>> idSecrets();

    /**
     * Whether a shopper may confirm its own reservations; else only a service may.
     *
     * @return true: it may
     */
    @WithDefault("false")
    boolean shopperConfirms();

    /**
     * The longest {@code Prefer: wait} that is honoured; a longer one is cut to this.
     *
     * @return the time, in whole seconds, up to a minute
     */
    @WithDefault("10s")
    Duration maxWait();
}
