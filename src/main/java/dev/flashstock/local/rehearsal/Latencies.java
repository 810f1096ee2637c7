package dev.flashstock.local.rehearsal;

import org.HdrHistogram.Histogram;

/** A distribution of latencies in milliseconds, each kept to three significant digits. Immutable. */
public final class Latencies {
    static final int SIGNIFICANT_DIGITS = 3;

    private static final double MICROS_PER_MILLI = 1_000;

    private final Histogram micros;

    private Latencies(Histogram micros) {
        this.micros = micros;
    }

    /** A copy of {@code micros}, which holds microseconds. */
    static Latencies of(Histogram micros) {
        return new Latencies(micros.copy());
    }

    /** How many latencies there are. */
    public long count() {
        return micros.getTotalCount();
    }

    /** The median; like all that follow, zero without latencies. */
    public double p50() {
        return percentile(50);
    }

    public double p99() {
        return percentile(99);
    }

    /** The 99.9th percentile. */
    public double p999() {
        return percentile(99.9);
    }

    public double max() {
        return micros.getMaxValue() / MICROS_PER_MILLI;
    }

    /** The latency that {@code percent} of 100 do not exceed. */
    public double percentile(double percent) {
        return micros.getValueAtPercentile(percent) / MICROS_PER_MILLI;
    }

    /** Those of both. */
    public Latencies merge(Latencies other) {
        Histogram sum = micros.copy();
        sum.add(other.micros);
        return new Latencies(sum);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Latencies that && micros.equals(that.micros);
    }

    @Override
    public int hashCode() {
        return micros.hashCode();
    }

    @Override
    public String toString() {
        return "%d latencies, p50 %s ms, p99 %s ms, p99.9 %s ms, max %s ms"
                .formatted(count(), p50(), p99(), p999(), max());
    }
}
