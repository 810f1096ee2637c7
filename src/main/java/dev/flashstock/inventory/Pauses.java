package dev.flashstock.inventory;

import io.smallrye.mutiny.Uni;
import java.time.Duration;

/** How time is waited for: really, or on a virtual clock. */
@FunctionalInterface
public interface Pauses {
    /**
     * Waits, without a thread.
     *
     * @param time how long
     * @return completes when the time is over; who gives up before is not called any more
     */
    Uni<Void> of(Duration time);

    /**
     * Pauses of the real clock.
     *
     * @return the pauses
     */
    static Pauses real() {
        return time -> Uni.createFrom().voidItem().onItem().delayIt().by(time);
    }
}
