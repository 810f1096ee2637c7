package dev.flashstock.app;

import dev.flashstock.api.ConcurrencyLimit;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.quarkus.netty.MainEventLoopGroup;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Looks how far the event loops are behind: each has something to do {@value #BEATS} times in an interval. */
@ApplicationScoped
class EventLoops {
    private static final int BEATS = 5;
    private static final long BEAT = ConcurrencyLimit.INTERVAL.toNanos() / BEATS;

    private final EventLoopGroup loops;
    private final ConcurrencyLimit limit;
    private final List<Future<?>> beats = new ArrayList<>();

    EventLoops(@MainEventLoopGroup EventLoopGroup loops, ConcurrencyLimit limit) {
        this.loops = loops;
        this.limit = limit;
    }

    void start(@Observes StartupEvent event) {
        for (EventExecutor loop : loops) {
            beats.add(loop.scheduleAtFixedRate(new Loop(), BEAT, BEAT, TimeUnit.NANOSECONDS));
        }
    }

    void stop(@Observes ShutdownEvent event) {
        beats.forEach(it -> it.cancel(false));
    }

    /** One of them, on which it runs. What runs late does not change when the next is due. */
    private final class Loop implements Runnable {
        private long due = System.nanoTime() + BEAT;
        private int beats;
        private long least = Long.MAX_VALUE;

        @Override
        public void run() {
            long now = System.nanoTime();
            least = Math.min(least, Math.max(0, now - due));
            due += BEAT;
            beats++;
            if (beats == BEATS) {
                limit.wasBehind(least, now);
                beats = 0;
                least = Long.MAX_VALUE;
            }
        }
    }
}
