package dev.flashstock.app;

import dev.flashstock.inventory.Views;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.jboss.logging.Logger;

/** Counts writes of views that have failed, and logs a line for each flush in which one did. */
final class ViewFailures implements Views.FailureListener {
    private static final Logger LOG = Logger.getLogger(Views.class);

    private final Counter counter;

    ViewFailures(MeterRegistry metrics) {
        this.counter = Counter.builder("flashstock.views.failures")
                .description("Writes of views that have failed and are tried again")
                .register(metrics);
    }

    @Override
    public void failed(int writes, Throwable first) {
        counter.increment(writes);
        LOG.warnf("Not all views were written, trying again failures=%d error=%s", writes, first);
    }

    @Override
    public void lost(long views) {
        LOG.warnf("Views are lost, the process ends views=%d", views);
    }
}
