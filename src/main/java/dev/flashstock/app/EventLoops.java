package dev.flashstock.app;

import dev.flashstock.api.ConcurrencyLimit;
import io.netty.util.concurrent.EventExecutor;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.concurrent.TimeUnit;

/** Looks how far the event loops are behind: each has something to do every {@value #BEAT_MILLIS} ms. */
@ApplicationScoped
class EventLoops {
    private static final long BEAT_MILLIS = 20;
    private static final long BEATS = ConcurrencyLimit.INTERVAL.toMillis() / BEAT_MILLIS;

    private final Vertx vertx;
    private final ConcurrencyLimit limit;
    private volatile boolean stopped;

    EventLoops(Vertx vertx, ConcurrencyLimit limit) {
        this.vertx = vertx;
        this.limit = limit;
    }

    void start(@Observes StartupEvent event) {
        for (EventExecutor loop : vertx.nettyEventLoopGroup()) {
            new Loop(loop).next();
        }
    }

    void stop(@Observes ShutdownEvent event) {
        stopped = true;
    }

    /** One of them; all but its beginning happens on it. */
    private final class Loop {
        private final EventExecutor loop;
        private long due;
        private int beats;
        private long least = Long.MAX_VALUE;

        Loop(EventExecutor loop) {
            this.loop = loop;
        }

        void next() {
            due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(BEAT_MILLIS);
            loop.schedule(this::beat, BEAT_MILLIS, TimeUnit.MILLISECONDS);
        }

        private void beat() {
            if (stopped) {
                return;
            }
            long now = System.nanoTime();
            least = Math.min(least, Math.max(0, now - due));
            beats++;
            if (beats == BEATS) {
                limit.wasBehind(least, now);
                beats = 0;
                least = Long.MAX_VALUE;
            }
            next();
        }
    }
}
