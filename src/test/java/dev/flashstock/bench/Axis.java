package dev.flashstock.bench;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A horizontal axis: where a value is, and where the ticks are. Values beyond an end are put at that end.
 *
 * @param from the value at the left end; above zero on a logarithmic axis
 * @param ticks in ascending order, each from {@code from} to {@code to}
 */
record Axis(Scale scale, double from, double to, List<Double> ticks) {
    enum Scale {
        LINEAR,
        LOG
    }

    private static final int ABOUT_TICKS = 5;

    /** From zero to the round number at or above {@code max}. */
    static Axis linear(double max) {
        double top = max > 0 ? max : 1;
        double raw = top / ABOUT_TICKS;
        double decade = Math.pow(10, Math.floor(Math.log10(raw)));
        double step = List.of(1.0, 2.0, 2.5, 5.0, 10.0).stream()
                .map(it -> it * decade)
                .filter(it -> it >= raw * (1 - 1e-9))
                .findFirst()
                .orElseThrow();
        List<Double> ticks = new ArrayList<>();
        int last = (int) Math.ceil(top / step - 1e-9);
        for (int i = 0; i <= last; i++) {
            ticks.add(i * step);
        }
        return new Axis(Scale.LINEAR, 0, last * step, List.copyOf(ticks));
    }

    /** From the decade at or below the least of {@code values} to that at or above the greatest; zeros do not count. */
    static Axis log(List<Double> values) {
        double least = values.stream().filter(it -> it > 0).min(Double::compare).orElse(1.0);
        double greatest =
                values.stream().filter(it -> it > 0).max(Double::compare).orElse(10.0);
        int first = (int) Math.floor(Math.log10(least));
        int last = Math.max(first + 1, (int) Math.ceil(Math.log10(greatest)));
        List<Double> ticks = new ArrayList<>();
        for (int decade = first; decade <= last; decade++) {
            ticks.add(Math.pow(10, decade));
        }
        if (ticks.size() == 2) {
            ticks.addAll(1, List.of(2 * ticks.get(0), 5 * ticks.get(0)));
        }
        return new Axis(Scale.LOG, Math.pow(10, first), Math.pow(10, last), List.copyOf(ticks));
    }

    /** Where {@code value} is, 0 at the left end to 1 at the right. */
    double share(double value) {
        double share = switch (scale) {
            case LINEAR -> (value - from) / (to - from);
            case LOG -> value <= from ? 0 : Math.log(value / from) / Math.log(to / from);
        };
        return Math.min(1, Math.max(0, share));
    }

    /** As people write it: three significant digits, or all of an integer part that is longer. */
    static String number(double value) {
        if (Math.abs(value) >= 100) {
            return String.format(Locale.ROOT, "%,d", Math.round(value));
        }
        BigDecimal rounded = BigDecimal.valueOf(value).round(new MathContext(3, RoundingMode.HALF_UP));
        return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    }

    /** A time of {@code millis}: below 1 s in ms, from there on in s. */
    static String time(double millis) {
        return millis < 999.5 ? number(millis) + " ms" : number(millis / 1_000) + " s";
    }
}
