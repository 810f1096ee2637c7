package dev.flashstock.local.faults;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.net.ProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a connection: the frames from a socket, one after the other, as long as somebody takes them.
 * Otherwise nothing is read from it, so that what waits is in the sender's hands.
 *
 * <p>Runs on the event loop of its socket.
 */
final class RespLane {
    /** Who takes the frames. */
    interface Taker {
        /** Whether there is room for a frame. {@link RespLane#drain} tells that there is again. */
        boolean ready();

        /** Takes a frame. */
        void take(Buffer frame);

        /** There will be no more, because the sender is gone; or it sends no RESP, and should go. */
        void end();
    }

    private final Vertx vertx;
    private final NetSocket source;
    private final RespFramer framer;
    private final Taker taker;
    private boolean held;
    /** The source sends no more frames. */
    private boolean over;
    /** The taker knows. */
    private boolean ended;

    RespLane(Vertx vertx, NetSocket source, RespFramer framer, Taker taker) {
        this.vertx = vertx;
        this.source = source;
        this.framer = framer;
        this.taker = taker;
    }

    /** Begins to read. */
    void start() {
        source.handler(piece -> {
            framer.add(piece);
            drain();
        });
        source.endHandler(end -> {
            over = true;
            drain();
        });
        source.resume();
    }

    /** Hands over what is there, as far as there is room. */
    void drain() {
        while (!held && !ended && taker.ready()) {
            Buffer frame = next();
            if (frame == null) {
                more();
                return;
            }
            taker.take(frame);
        }
        source.pause();
    }

    private void more() {
        if (over) {
            ended = true;
            taker.end();
        } else {
            source.resume();
        }
    }

    private @Nullable Buffer next() {
        try {
            return framer.next();
        } catch (ProtocolException e) {
            over = true;
            return null;
        }
    }

    boolean held() {
        return held;
    }

    /** Does something later, and hands over nothing before. */
    void hold(long millis, Runnable then) {
        if (millis == 0) {
            then.run();
            return;
        }
        held = true;
        vertx.setTimer(millis, timer -> {
            held = false;
            then.run();
            drain();
        });
    }
}
