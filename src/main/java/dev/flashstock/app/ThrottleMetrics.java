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
        return Counter.builder("flashstock.throttles")
                .description("Attempts that DynamoDB has refused for want of capacity, also those that are tried again")
                .tag("table", throttle.table())
                .tag("index", Objects.requireNonNullElse(throttle.index(), ""))
                .tag("reason", throttle.code())
                .register(metrics);
    }
}
