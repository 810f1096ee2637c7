package dev.flashstock.inventory;

import io.smallrye.mutiny.infrastructure.Infrastructure;

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
}
