package dev.flashstock.inventory;

import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;

/**
 * Tries again what other writers got in the way of: a bounded number of times, after a random wait that grows
 * ("full jitter", https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 */
public final class Retries {
    /** How often something is tried in all. */
    static final int MAX_TRIES = 12;

    private static final int FIRST_WAIT_MILLIS = 8;
    private static final int LONGEST_WAIT_MILLIS = 512;

    private final IntUnaryOperator random;
    private final Pauses pauses;

    /**
     * Makes the waits random.
     *
     * @param random a number from 0 to one less than its argument
     * @param pauses waits
     */
    public Retries(IntUnaryOperator random, Pauses pauses) {
        this.random = random;
        this.pauses = pauses;
    }

    /**
     * Tries until there is a result.
     *
     * @param step one try; an empty result asks for another
     * @param <T> the result
     * @return the first result; fails with {@link Unavailable} when there is none after {@value #MAX_TRIES} tries
     */
    <T> Uni<T> until(Supplier<Uni<Optional<T>>> step) {
        return attempt(step, 1);
    }

    /**
     * What a step returns that needs no other try.
     *
     * @param result the result
     * @param <T> its type
     * @return the step's result
     */
    static <T> Uni<Optional<T>> settled(T result) {
        return Uni.createFrom().item(Optional.of(result));
    }

    private <T> Uni<T> attempt(Supplier<Uni<Optional<T>>> step, int number) {
        return Uni.createFrom()
                .deferred(step::get)
                .chain(result ->
                        result.map(value -> Uni.createFrom().item(value)).orElseGet(() -> again(step, number)));
    }

    private <T> Uni<T> again(Supplier<Uni<Optional<T>>> step, int number) {
        if (number == MAX_TRIES) {
            return Uni.createFrom()
                    .failure(new Unavailable("Other writers got in the way " + MAX_TRIES + " times in a row"));
        }
        return pauses.of(pauseAfter(number)).chain(() -> attempt(step, number + 1));
    }

    private Duration pauseAfter(int number) {
        int longest = Math.min(LONGEST_WAIT_MILLIS, FIRST_WAIT_MILLIS << Math.min(number - 1, 16));
        return Duration.ofMillis(1L + random.applyAsInt(longest));
    }
}
