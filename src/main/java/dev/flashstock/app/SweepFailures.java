package dev.flashstock.app;

import dev.flashstock.inventory.Sweeper;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.jboss.logging.Logger;

/** Counts what keeps holds from coming back, and logs a line for each pass in which something did. */
final class SweepFailures implements Sweeper.FailureListener {
    private static final Logger LOG = Logger.getLogger(Sweeper.class);

    private final Counter counter;

    SweepFailures(MeterRegistry metrics) {
        this.counter = Counter.builder("flashstock.expiry.failures")
                .description("Queries for what is due, and settlements of it, that have failed and are tried again")
                .register(metrics);
    }

    @Override
    public void failed(int failures, Throwable first) {
        counter.increment(failures);
        LOG.warnf("Not all holds that are due came back, trying again failures=%d error=%s", failures, first);
    }
}
