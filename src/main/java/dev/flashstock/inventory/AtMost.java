package dev.flashstock.inventory;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * So many at a time; those who come meanwhile wait for their turn, so many of them at most. What has come is done, also
 * when nobody waits for it any more.
 */
final class AtMost {
    private final int atATime;
    private final int waitingAtMost;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private int underWay;

    AtMost(int atATime, int waitingAtMost) {
        this.atATime = atATime;
        this.waitingAtMost = waitingAtMost;
    }

    /** Does something when its turn comes; fails with {@link Unavailable} when too many wait. */
    <T> Uni<T> inTurn(Supplier<Uni<T>> doing) {
        return Uni.createFrom().emitter(emitter -> {
            Runnable turn = () -> Uni.createFrom()
                    .deferred(doing::get)
                    .onTermination()
                    .invoke(this::next)
                    .subscribe()
                    .with(emitter::complete, emitter::fail);
            if (isItsTurn(turn)) {
                turn.run();
            }
        });
    }

    private synchronized boolean isItsTurn(Runnable turn) {
        if (underWay < atATime) {
            underWay++;
            return true;
        }
        if (waiting.size() == waitingAtMost) {
            throw new Unavailable(waitingAtMost + " others wait for their turn");
        }
        waiting.add(turn);
        return false;
    }

    private void next() {
        Runnable turn = takeTurn();
        if (turn != null) {
            Infrastructure.getDefaultExecutor().execute(turn); // or the stack grows with each that fails at once
        }
    }

    private synchronized @Nullable Runnable takeTurn() {
        Runnable turn = waiting.poll();
        if (turn == null) {
            underWay--;
        }
        return turn;
    }
}
