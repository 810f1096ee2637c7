package dev.flashstock.api;

import dev.flashstock.inventory.RateLimits.RateLimit;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** How much is taken on: from one caller, and from all. */
@ConfigMapping(prefix = "flashstock.limits")
public interface LimitsConfig {
    /**
     * Reservations and likes of a user.
     *
     * @return how many
     */
    User user();

    /**
     * Reservations and views from an address. An IPv6 address counts by its first 64 bits, which is what one customer has.
     *
     * @return how many; without {@code every} any number
     */
    Address address();

    /**
     * The most requests that are under way in this process.
     *
     * @return how many, 32 to a million
     */
    @WithDefault("10000")
    int requests();

    /**
     * How long an event loop may be behind, all the time, before fewer requests are taken on.
     *
     * @return the time, 1 ms to a minute
     */
    @WithDefault("100ms")
    Duration behind();

    /**
     * Checks the limits of callers.
     *
     * @throws IllegalArgumentException when a bound is not kept
     */
    default void check() {
        user().limit().refill();
        address().limit().ifPresent(RateLimit::refill);
    }

    /** Of a user. */
    interface User {
        /**
         * How many at once.
         *
         * @return how many
         */
        @WithDefault("20")
        int burst();

        /**
         * How long it takes until there may be one more.
         *
         * @return the time, 1 ms to an hour
         */
        @WithDefault("200ms")
        Duration every();

        /**
         * Both.
         *
         * @return the limit
         * @throws IllegalArgumentException when a bound is not kept
         */
        default RateLimit limit() {
            return new RateLimit(burst(), every());
        }
    }

    /** Of an address. */
    interface Address {
        /**
         * How many at once.
         *
         * @return how many
         */
        @WithDefault("500")
        int burst();

        /**
         * How long it takes until there may be one more. Set it where addresses are callers' own ({@code
         * quarkus.http.proxy.*}): else all who come by one load balancer have one address.
         *
         * @return the time, 1 ms to an hour; not set: there is no limit
         */
        Optional<Duration> every();

        /**
         * Both.
         *
         * @return the limit, if there is one
         * @throws IllegalArgumentException when a bound is not kept
         */
        default Optional<RateLimit> limit() {
            return every().map(it -> new RateLimit(burst(), it));
        }
    }
}
