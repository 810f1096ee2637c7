package dev.flashstock.local.rehearsal;

import java.time.Duration;
import java.util.Arrays;
import java.util.Random;

/**
 * How many requests arrive, and when: as a Poisson process of which exactly {@code requests} fall into {@code over}.
 *
 * @param requests 1 to 100,000
 * @param over the time in which they arrive: above zero, up to 10 minutes
 * @param drain how long after {@code over} answers are waited for: zero to 10 minutes
 * @param seed equal plans have equal arrivals
 */
public record Plan(int requests, Duration over, Duration drain, long seed) {
    public static final int MAX_REQUESTS = 100_000;
    public static final Duration MAX_OVER = Duration.ofMinutes(10);
    public static final Duration MAX_DRAIN = Duration.ofMinutes(10);

    /** @throws IllegalArgumentException if a bound is exceeded */
    public Plan {
        if (requests < 1 || requests > MAX_REQUESTS) {
            throw new IllegalArgumentException(
                    "requests is %d, and has to be 1 to %d".formatted(requests, MAX_REQUESTS));
        }
        if (over.isNegative() || over.isZero() || over.compareTo(MAX_OVER) > 0) {
            throw new IllegalArgumentException("over is %s, and has to be above 0, up to %s".formatted(over, MAX_OVER));
        }
        if (drain.isNegative() || drain.compareTo(MAX_DRAIN) > 0) {
            throw new IllegalArgumentException("drain is %s, and has to be 0 to %s".formatted(drain, MAX_DRAIN));
        }
    }

    /**
     * The intended arrivals in nanoseconds after the start, in order, each before {@code over}.
     *
     * <p>Given their number, the arrivals of a Poisson process are independent and uniform (J. F. C. Kingman, Poisson
     * Processes, 1993, section 2.4): drawn so, both the number and the time are kept exactly.
     */
    long[] arrivals() {
        Random random = new Random(seed);
        long nanos = over.toNanos();
        long[] arrivals = new long[requests];
        Arrays.setAll(arrivals, request -> (long) (random.nextDouble() * nanos));
        Arrays.sort(arrivals);
        return arrivals;
    }
}
