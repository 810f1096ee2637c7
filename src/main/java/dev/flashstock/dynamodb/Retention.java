package dev.flashstock.dynamodb;

import java.time.Duration;
import java.time.Instant;

/**
 * How long reservations that hold nothing any more are kept. Until then their ids and idempotency keys are known.
 *
 * @param time at least {@link #SHORTEST}
 */
public record Retention(Duration time) {
    /** A day: the time for which a request happens once. */
    public static final Duration SHORTEST = Duration.ofHours(24);

    /**
     * Checks the time.
     *
     * @throws IllegalArgumentException when it is shorter than {@link #SHORTEST}
     */
    public Retention {
        if (time.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException("Reservations are kept for at least 24 hours after they are over");
        }
    }

    /** From when on DynamoDB may remove what is over since a moment, in seconds since the epoch. */
    long after(Instant moment) {
        return moment.plus(time).getEpochSecond() + 1;
    }
}
