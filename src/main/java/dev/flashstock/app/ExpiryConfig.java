package dev.flashstock.app;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How holds come back when their time is over. */
@ConfigMapping(prefix = "flashstock.expiry")
public interface ExpiryConfig {
    /**
     * Whether this process gives back what is due. Processes share the work among all that are alive: where it is off in
     * some, their part waits two minutes for the others.
     *
     * @return true: it does
     */
    @WithDefault("true")
    boolean enabled();

    /**
     * How often this process looks into its own part of what is due.
     *
     * @return the time from one look to the next, 100 ms to 30 s
     */
    @WithDefault("1s")
    Duration interval();

    /**
     * How old what is due may be and still be found: at least as long as all processes may be down.
     *
     * @return the time, 15 minutes to 7 days
     */
    @WithDefault("24h")
    Duration lookBack();
}
