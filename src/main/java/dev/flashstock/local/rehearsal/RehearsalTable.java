package dev.flashstock.local.rehearsal;

import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/** Rehearsals side by side, for people. */
final class RehearsalTable {
    private static final String ROW = "%-12s %9s %11s %8s %8s %8s %8s %10s %10s %10s";

    private RehearsalTable() {}

    static String of(List<RehearsalView> rehearsals) {
        StringJoiner table = new StringJoiner("\n", "", "\n");
        table.add(ROW.formatted(
                "design",
                "shoppers",
                "accepted/s",
                "queued",
                "errors",
                "p50 ms",
                "p99 ms",
                "units/unit",
                "throttles",
                "conflicts"));
        rehearsals.forEach(it -> table.add(row(it)));
        return table.toString();
    }

    private static String row(RehearsalView it) {
        RehearsalView.FiguresView figures = it.figures();
        return figures == null
                ? "%-12s %s".formatted(it.design(), it.state())
                : ROW.formatted(
                        it.design(),
                        figures.offered(),
                        number("%.1f", figures.acceptedPerSecond()),
                        figures.queued(),
                        number("%.1f %%", 100 * figures.errorShare()),
                        number("%.0f", figures.latencyMillis().p50()),
                        number("%.0f", figures.latencyMillis().p99()),
                        number("%.1f", figures.writeUnitsPerUnit()),
                        figures.throttles().values().stream()
                                .mapToLong(Long::longValue)
                                .sum(),
                        figures.conflicts());
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
