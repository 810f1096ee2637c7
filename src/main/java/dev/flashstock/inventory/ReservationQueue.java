package dev.flashstock.inventory;

import dev.flashstock.stock.ReservationRequest;
import io.smallrye.mutiny.Uni;

/** Port: where requests wait for their turn. */
@FunctionalInterface
public interface ReservationQueue {
    /**
     * Puts a request into the queue. Its id makes a second copy harmless.
     *
     * @param request what is asked for
     * @return completes when the queue has it for good; fails with {@link Unavailable}
     */
    Uni<Void> send(ReservationRequest request);
}
