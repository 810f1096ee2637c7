package dev.flashstock.app;

import dev.flashstock.redis.RedisHeat;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/** Counts what keeps the processes' heat apart, and logs when that begins and ends. */
final class HeatFailures implements RedisHeat.Listener {
    private static final Logger LOG = Logger.getLogger(RedisHeat.class);

    private final Counter counter;
    private final AtomicBoolean failing = new AtomicBoolean();

    HeatFailures(MeterRegistry metrics) {
        this.counter = Counter.builder("flashstock.heat.failures")
                .description("Seconds in which the other processes' heat was not told, or not in full")
                .register(metrics);
    }

    @Override
    public void merged() {
        if (failing.getAndSet(false)) {
            LOG.info("The heat of all processes is known again");
        }
    }

    @Override
    public void failed(Throwable failure) {
        counter.increment();
        if (!failing.getAndSet(true)) {
            LOG.warnf("The heat of other processes is not known, or not in full error=%s", failure);
        }
    }
}
