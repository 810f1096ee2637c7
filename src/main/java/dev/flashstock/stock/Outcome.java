package dev.flashstock.stock;

import java.util.function.Function;

/**
 * What came of asking for something: it was done, or it was refused for a reason that the caller can act on. That
 * something is broken is neither, and thrown.
 *
 * @param <T> what is had when it was done
 */
public sealed interface Outcome<T> {
    /**
     * It was done.
     *
     * @param value what is had now
     * @param <T> its type
     */
    record Done<T>(T value) implements Outcome<T> {}

    /**
     * It was refused, and nothing has changed.
     *
     * @param refusal why
     * @param <T> what would have been had
     */
    record Refused<T>(Refusal refusal) implements Outcome<T> {}

    /**
     * It was done.
     *
     * @param value what is had now
     * @param <T> its type
     * @return the outcome
     */
    static <T> Outcome<T> done(T value) {
        return new Done<>(value);
    }

    /**
     * It was refused.
     *
     * @param refusal why
     * @param <T> what would have been had
     * @return the outcome
     */
    static <T> Outcome<T> refused(Refusal refusal) {
        return new Refused<>(refusal);
    }

    /**
     * Goes on with either.
     *
     * @param done what to make of the value
     * @param refused what to make of the refusal
     * @param <R> what is made
     * @return what was made
     */
    default <R> R fold(Function<? super T, ? extends R> done, Function<? super Refusal, ? extends R> refused) {
        if (this instanceof Done<T> d) {
            return done.apply(d.value());
        }
        return refused.apply(((Refused<T>) this).refusal());
    }
}
