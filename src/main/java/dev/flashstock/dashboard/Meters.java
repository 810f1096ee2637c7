package dev.flashstock.dashboard;

import static dev.flashstock.api.DiagnosisView.rounded;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.ValueAtPercentile;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** This process's meters, from one reading to the next. Not safe for several threads. */
final class Meters {
    /** What was counted over more seconds is told of none of them. */
    private static final double MOST_SECONDS = 5;

    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final MeterRegistry metrics;
    private Map<String, Map<String, Double>> last = Map.of();
    private Map<String, Map<String, Double>> now = new HashMap<>();
    private double seconds;
    private long at;

    Meters(MeterRegistry metrics, long nanoTime) {
        this.metrics = metrics;
        this.at = nanoTime;
    }

    /** What is read next is compared with what was read before. */
    void begin(long nanoTime) {
        seconds = (nanoTime - at) / NANOS_PER_SECOND;
        last = seconds > MOST_SECONDS ? Map.of() : now;
        now = new HashMap<>();
        at = nanoTime;
    }

    /** What counters have counted a second, by a tag; what has not changed is left out. */
    Map<String, Double> perSecond(String counters, String tag) {
        Map<String, Double> counts = new HashMap<>();
        for (Counter counter : metrics.find(counters).counters()) {
            String value = counter.getId().getTag(tag);
            if (value != null) {
                counts.merge(value, counter.count(), Double::sum);
            }
        }
        Map<String, Double> perSecond = new TreeMap<>();
        change(counters, counts).forEach((value, change) -> {
            if (change > 0 && seconds > 0) {
                perSecond.put(value, rounded(change / seconds));
            }
        });
        return perSecond;
    }

    /** How long what a timer has timed since took on the average, in seconds; null: nothing. */
    @Nullable
    Double mean(String timer) {
        Timer it = metrics.find(timer).timer();
        if (it == null) {
            return null;
        }
        Map<String, Double> change =
                change(timer, Map.of("count", (double) it.count(), "total", it.totalTime(TimeUnit.SECONDS)));
        double count = change.getOrDefault("count", 0.0);
        return count == 0 ? null : rounded(change.getOrDefault("total", 0.0) / count);
    }

    /** A timer's percentiles. */
    Moment.Latencies latencies(String timer) {
        Timer it = metrics.find(timer).timer();
        if (it == null) {
            return Moment.Latencies.NONE;
        }
        Map<Double, Double> percentiles = new HashMap<>();
        for (ValueAtPercentile value : it.takeSnapshot().percentileValues()) {
            percentiles.put(value.percentile(), rounded(value.value(TimeUnit.MILLISECONDS)));
        }
        return percentiles.values().stream().allMatch(millis -> millis == 0)
                ? Moment.Latencies.NONE
                : new Moment.Latencies(percentiles.get(0.5), percentiles.get(0.95), percentiles.get(0.99));
    }

    /** A gauge; null: there is none, or it does not know. */
    @Nullable
    Long gauge(String name, String tag, String value) {
        Gauge gauge = metrics.find(name).tag(tag, value).gauge();
        double is = gauge == null ? Double.NaN : gauge.value();
        return Double.isNaN(is) ? null : Math.round(is);
    }

    private Map<String, Double> change(String name, Map<String, Double> counts) {
        now.put(name, counts);
        Map<String, Double> before = last.get(name);
        if (before == null) {
            return Map.of();
        }
        Map<String, Double> change = new HashMap<>();
        counts.forEach((value, count) -> change.put(value, count - before.getOrDefault(value, 0.0)));
        return change;
    }
}
