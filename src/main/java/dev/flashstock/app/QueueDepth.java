package dev.flashstock.app;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Uni;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * How many messages are in a queue, as of the time before that it was asked: who reads metrics does not wait for SQS, and
 * where nobody reads them SQS is not asked. Not a number before the first answer, and when SQS does not answer.
 */
final class QueueDepth {
    private static final Logger LOG = Logger.getLogger(QueueDepth.class);

    private final String queue;
    private final Supplier<Uni<Long>> count;
    private final AtomicBoolean underWay = new AtomicBoolean();
    private volatile double messages = Double.NaN;

    private QueueDepth(String queue, Supplier<Uni<Long>> count) {
        this.queue = queue;
        this.count = count;
    }

    static void measure(String queue, Supplier<Uni<Long>> count, MeterRegistry metrics) {
        QueueDepth depth = new QueueDepth(queue, count);
        Gauge.builder("flashstock.queue.messages", depth, QueueDepth::lastCountedAndCountAgain)
                .description("Messages in a queue, received or not, as of the last time that this was read")
                .tag("queue", queue)
                .strongReference(true)
                .register(metrics);
    }

    private double lastCountedAndCountAgain() {
        if (underWay.compareAndSet(false, true)) {
            Uni.createFrom()
                    .deferred(count::get)
                    .onTermination()
                    .invoke(() -> underWay.set(false))
                    .subscribe()
                    .with(counted -> messages = counted, this::notCounted);
        }
        return messages;
    }

    private void notCounted(Throwable failure) {
        if (!Double.isNaN(messages)) {
            LOG.warnf("Messages of a queue could not be counted queue=%s error=%s", queue, failure);
        }
        messages = Double.NaN;
    }
}
