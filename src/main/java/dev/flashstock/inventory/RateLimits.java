package dev.flashstock.inventory;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;

/** Port: how often somebody may ask, by token buckets. */
@FunctionalInterface
public interface RateLimits {
    /** The most tokens that a bucket holds. */
    int MOST_TOKENS = 1_000_000;

    /** The shortest time in which a token comes back. */
    Duration SHORTEST = Duration.ofMillis(1);

    /** The longest. */
    Duration LONGEST = Duration.ofHours(1);

    /**
     * A bucket, which is full at first.
     *
     * @param name whose it is, the same in all processes
     * @param limit how many tokens it has
     */
    record Bucket(String name, RateLimit limit) {}

    /**
     * How many tokens a bucket has.
     *
     * @param burst how many it holds, 1 to {@value #MOST_TOKENS}
     * @param every how long it takes until one comes back, 1 ms to an hour
     */
    record RateLimit(int burst, Duration every) {
        /**
         * Checks the bounds.
         *
         * @throws IllegalArgumentException when one of them is not kept
         */
        public RateLimit {
            if (burst < 1 || burst > MOST_TOKENS) {
                throw new IllegalArgumentException("There are 1 to " + MOST_TOKENS + " requests at once");
            }
            if (every.compareTo(SHORTEST) < 0 || every.compareTo(LONGEST) > 0) {
                throw new IllegalArgumentException("There is one more every " + SHORTEST + " to " + LONGEST);
            }
        }

        /**
         * How long it takes until an empty bucket is full.
         *
         * @return the time; after that nothing of it needs to be known
         */
        public Duration refill() {
            return every.multipliedBy(burst);
        }
    }

    /**
     * Takes a token from each bucket, or from none.
     *
     * @param buckets which; none is always enough
     * @return zero when they were taken; else how long it takes until each bucket has one again, if nobody else takes it
     */
    Uni<Duration> take(List<Bucket> buckets);
}
