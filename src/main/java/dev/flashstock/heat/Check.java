package dev.flashstock.heat;

import org.jspecify.annotations.Nullable;

/**
 * One thing that was looked at before a sale.
 *
 * @param name what was looked at
 * @param status how it is
 * @param says what was found, in a sentence
 * @param remedy what helps, in a sentence; null: nothing is to be done
 */
public record Check(
        String name, Status status, String says, @Nullable String remedy) {
    /** How something is, the worst last. */
    public enum Status {
        /** As it should be. */
        PASS,
        /** The sale goes on with it; or it is not known. */
        WARN,
        /** The sale suffers from it. */
        FAIL
    }

    static Check pass(String name, String says) {
        return new Check(name, Status.PASS, says, null);
    }

    static Check warn(String name, String says, String remedy) {
        return new Check(name, Status.WARN, says, remedy);
    }

    static Check fail(String name, String says, String remedy) {
        return new Check(name, Status.FAIL, says, remedy);
    }
}
