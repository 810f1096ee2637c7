package dev.flashstock.inventory;

import java.time.Duration;

/**
 * How old a total may be that is told.
 *
 * @param pod for how long a process remembers what another layer has told it, 10 ms to 10 s
 * @param counted how old a count of the shards may be before they are counted again, {@code pod} to an hour
 * @param whileCounting for how much longer the old count is told meanwhile, 0 to an hour
 */
public record Freshness(Duration pod, Duration counted, Duration whileCounting) {
    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final Duration LONGEST_IN_A_POD = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofHours(1);

    /**
     * Checks the bounds.
     *
     * @throws IllegalArgumentException when one of them is not kept
     */
    public Freshness {
        check("A process remembers totals for", pod, SHORTEST, LONGEST_IN_A_POD);
        check("A count is good enough for", counted, pod, LONGEST);
        check("An old count is told for", whileCounting, Duration.ZERO, LONGEST);
    }

    private static void check(String what, Duration time, Duration least, Duration most) {
        if (time.compareTo(least) < 0 || time.compareTo(most) > 0) {
            throw new IllegalArgumentException(what + " " + least + " to " + most + ", not " + time);
        }
    }

    /**
     * For how long a count is remembered.
     *
     * @return the time; a total that is told is older by at most {@link #pod}
     */
    public Duration remembered() {
        return counted.plus(whileCounting);
    }
}
