package dev.flashstock.inventory;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One pass after the other, never two at a time, with pauses between them, until it is told to stop. */
final class Repetition {
    private final Supplier<Uni<Duration>> pass;
    private final Pauses pauses;

    private volatile boolean stopped;
    private @Nullable UniEmitter<? super Void> resting;

    /**
     * Prepares to repeat.
     *
     * @param pass does one pass and says how long to rest then; never fails
     * @param pauses waits
     */
    Repetition(Supplier<Uni<Duration>> pass, Pauses pauses) {
        this.pass = pass;
        this.pauses = pauses;
    }

    /** Begins; completes when the last pass has ended. */
    Uni<Void> run() {
        return Multi.createBy()
                .repeating()
                .uni(() -> pass.get().call(this::rest))
                .until(rested -> stopped)
                .collect()
                .last()
                .replaceWithVoid();
    }

    /** Begins after a while, unless it is told to stop before; completes when the last pass has ended. */
    Uni<Void> run(Duration after) {
        return rest(after).chain(() -> stopped ? Uni.createFrom().voidItem() : run());
    }

    boolean isStopped() {
        return stopped;
    }

    /** Begins no other pass, and ends a pause at once. */
    void stop() {
        stopped = true;
        wake();
    }

    /** Ends a pause at once. */
    synchronized void wake() {
        if (resting != null) {
            resting.complete(null);
        }
    }

    private Uni<Void> rest(Duration time) {
        return time.isZero() ? Uni.createFrom().voidItem() : Uni.createFrom().emitter(emitter -> rest(time, emitter));
    }

    private void rest(Duration time, UniEmitter<? super Void> rest) {
        synchronized (this) {
            resting = rest;
            if (stopped) {
                rest.complete(null);
                return;
            }
        }
        pauses.of(time).subscribe().with(over -> rest.complete(null), rest::fail);
    }
}
