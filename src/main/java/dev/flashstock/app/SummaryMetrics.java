package dev.flashstock.app;

import dev.flashstock.inventory.Follower;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/** Counts and logs what the follower of the table's stream does. */
final class SummaryMetrics implements Follower.Listener {
    private static final Logger LOG = Logger.getLogger(Follower.class);

    private final AtomicInteger leads;
    private final Counter records;
    private final Counter failures;

    SummaryMetrics(MeterRegistry metrics) {
        leads = new AtomicInteger();
        Gauge.builder("flashstock.summary.leads", leads, AtomicInteger::get)
                .description("1 if this process keeps the summaries, else 0")
                .register(metrics);
        records = Counter.builder("flashstock.summary.records")
                .description("Records of the table's stream that were read")
                .register(metrics);
        failures = Counter.builder("flashstock.summary.failures")
                .description("What has failed in following the table's stream and is tried again")
                .register(metrics);
    }

    /** How far behind it is; not a number where it does not lead. */
    static void measure(Follower follower, MeterRegistry metrics) {
        Gauge.builder("flashstock.summary.behind", follower, SummaryMetrics::secondsBehind)
                .description("How far behind the summaries are, if this process keeps them")
                .baseUnit("seconds")
                .register(metrics);
    }

    private static double secondsBehind(Follower follower) {
        return follower.behind().map(Duration::toMillis).map(it -> it / 1_000.0).orElse(Double.NaN);
    }

    @Override
    public void leads(long term) {
        leads.set(1);
        LOG.infof("This process keeps the summaries now term=%d", term);
    }

    @Override
    public void led(long term) {
        leads.set(0);
        LOG.infof("This process does not keep the summaries any more term=%d", term);
    }

    @Override
    public void read(int number) {
        records.increment(number);
    }

    @Override
    public void missed(long generation) {
        LOG.logf(
                generation == 1 ? Logger.Level.INFO : Logger.Level.WARN,
                "Each summary is used when its shards have been counted anew, because changes may have been missed"
                        + " generation=%d",
                generation);
    }

    @Override
    public void failed(Throwable failure) {
        failures.increment();
        LOG.warnf("The table's stream cannot be followed for now, trying again error=%s", failure);
    }
}
