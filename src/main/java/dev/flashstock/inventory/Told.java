package dev.flashstock.inventory;

import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.util.function.Consumer;

/** Telling many who wait: what one of them throws is its own affair, and the others are told all the same. */
final class Told {
    private Told() {}

    static void guarded(Runnable telling) {
        try {
            telling.run();
        } catch (RuntimeException e) {
            Infrastructure.handleDroppedException(e);
        }
    }

    /** Does something, or something else when it throws. */
    static void otherwise(Runnable doing, Consumer<RuntimeException> otherwise) {
        try {
            doing.run();
        } catch (RuntimeException e) {
            otherwise.accept(e);
        }
    }
}
