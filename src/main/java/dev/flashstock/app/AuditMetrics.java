package dev.flashstock.app;

import dev.flashstock.stock.Audit;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** Counts audits by what they have shown, and logs each difference: somebody is to be told. */
final class AuditMetrics implements Consumer<Audit> {
    /** What the log says of a difference; deploy/aws/alarms.yaml looks for it. */
    static final String DIFFERENCE = "An audit has found a difference";

    private static final Logger LOG = Logger.getLogger(AuditMetrics.class);

    private final Counter clean;
    private final Counter different;

    AuditMetrics(MeterRegistry metrics) {
        this.clean = counter("clean", metrics);
        this.different = counter("difference", metrics);
    }

    private static Counter counter(String result, MeterRegistry metrics) {
        return Counter.builder("flashstock.audits")
                .description("Audits, by what they have shown")
                .tag("result", result)
                .register(metrics);
    }

    @Override
    public void accept(Audit audit) {
        if (audit.difference() == 0 && audit.discrepancies().isEmpty()) {
            clean.increment();
        } else {
            different.increment();
            LOG.errorf(
                    DIFFERENCE + " sku=%s units=%d named=%d",
                    audit.sku(),
                    audit.difference(),
                    audit.discrepancies().size() + audit.more());
        }
    }
}
