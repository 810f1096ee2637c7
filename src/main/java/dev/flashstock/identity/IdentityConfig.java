package dev.flashstock.identity;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** When the identity provider's keys are read; where they are is {@code mp.jwt.verify.publickey.location}. */
@ConfigMapping(prefix = "flashstock.identity")
public interface IdentityConfig {
    /**
     * How often the keys are read: a key that was withdrawn is refused after this time.
     *
     * @return 1 second to 1 hour
     */
    @WithDefault("5m")
    Duration refresh();

    /**
     * How often they are read at most, however many tokens name keys that are not known.
     *
     * @return 100 milliseconds to 5 minutes
     */
    @WithDefault("10s")
    Duration leastInterval();

    /**
     * How long keys are used after they were read, when the provider does not answer.
     *
     * @return 1 second to 24 hours; more than {@link #refresh()}
     */
    @WithDefault("1h")
    Duration keep();

    /**
     * How long an answer of the provider is waited for.
     *
     * @return 100 milliseconds to 10 seconds
     */
    @WithDefault("2s")
    Duration timeout();
}
