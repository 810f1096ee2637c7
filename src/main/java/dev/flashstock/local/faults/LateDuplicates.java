package dev.flashstock.local.faults;

import io.vertx.core.Vertx;

/** What comes once more on a wire, later. For one event loop only. */
final class LateDuplicates {
    private final Vertx vertx;
    private int waiting;

    LateDuplicates(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Does something again; it is lost when {@value Fault.LateDuplicate#MAX_WAITING} others wait for their time. */
    void after(long millis, Runnable again) {
        if (waiting < Fault.LateDuplicate.MAX_WAITING) {
            waiting++;
            vertx.setTimer(millis, timer -> {
                waiting--;
                again.run();
            });
        }
    }
}
