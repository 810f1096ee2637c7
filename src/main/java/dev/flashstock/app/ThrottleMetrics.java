package dev.flashstock.app;

import dev.flashstock.heat.TableName;
import dev.flashstock.heat.Throttle;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Objects;

/** Counts what DynamoDB refuses, by table, index and reason. */
final class ThrottleMetrics {
    private final MeterRegistry metrics;

    /** What can be refused of the process's own table is there from the start, at 0: an alarm is for the first one. */
    ThrottleMetrics(TableName own, MeterRegistry metrics) {
        this.metrics = metrics;
        for (Throttle.Limit limit : Throttle.Limit.values()) {
            for (Throttle.Access access : Throttle.Access.values()) {
                counter(new Throttle(limit, access, own.value(), null));
            }
        }
    }

    void add(Throttle throttle) {
        counter(throttle).increment();
    }

    private Counter counter(Throttle throttle) {
        return metrics.counter(
                "flashstock.throttles",
                "table",
                throttle.table(),
                "index",
                Objects.requireNonNullElse(throttle.index(), ""),
                "reason",
                throttle.code());
    }
}
