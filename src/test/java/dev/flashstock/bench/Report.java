package dev.flashstock.bench;

import dev.flashstock.local.partitions.Limits;
import dev.flashstock.local.rehearsal.Latencies;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/**
 * What a run of the {@link SaleBenchmark} has measured, for people: Markdown, and charts beside it.
 *
 * @param shoppersPerSecond how many shoppers came
 * @param fewShoppersPerSecond how many came where they were few
 * @param readersPerSecond how many readers came
 * @param round how long they came, in each round
 * @param rounds how many rounds there were
 * @param limits each key's limits
 * @param sales ways to sell; the first is what the others are compared with
 * @param fewShoppers some of them, when few come
 * @param reads ways to read ten shards
 */
record Report(
        int shoppersPerSecond,
        int fewShoppersPerSecond,
        int readersPerSecond,
        Duration round,
        int rounds,
        Limits limits,
        List<Measured> sales,
        List<Measured> fewShoppers,
        List<Measured> reads) {
    private static final String NAME = "flash-sale";

    void write(Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve(NAME + ".md"), markdown());
        sold().write(directory.resolve(NAME + "-accepted.svg"));
        latencies("What a shopper waits for an answer", sales).write(directory.resolve(NAME + "-latency.svg"));
        latencies("What a reader of ten shards waits", reads).write(directory.resolve(NAME + "-reads.svg"));
    }

    private BarChart sold() {
        return new BarChart(
                "Units sold in a second",
                shoppersPerSecond + " shoppers a second, " + text("%.0f", limits.writeUnits())
                        + " write units a second and key",
                "/s",
                Axis.Scale.LINEAR,
                sales.stream()
                        .map(it -> new BarChart.Bar(it.name(), it.acceptedPerSecond()))
                        .toList());
    }

    private static LatencyChart latencies(String title, List<Measured> cases) {
        return new LatencyChart(
                title,
                "From the arrival to the answer, errors included",
                cases.stream().map(Report::row).toList());
    }

    private static LatencyChart.Row row(Measured measured) {
        Latencies latencies = measured.figures().latencies();
        return new LatencyChart.Row(measured.name(), latencies.p50(), latencies.p99(), latencies.p999());
    }

    private String markdown() {
        StringJoiner text = new StringJoiner("\n", "", "\n");
        text.add("# A flash sale in several designs");
        text.add("");
        text.add("Written by `./mvnw test -Dquick -Dtest=SaleBenchmark`; what is measured, and what it says, is in"
                + " [benchmarks.md](../benchmarks.md).");
        text.add("");
        text.add("Java " + Runtime.version().feature() + ", "
                + Runtime.getRuntime().availableProcessors()
                + " cores, which the load, the service and the embedded backends share. Every key alone, with "
                + text("%.0f", limits.writeUnits()) + " write and " + text("%.0f", limits.readUnits())
                + " read units a second: 1 % of DynamoDB's, because that is what the embedded engine can carry on many keys."
                + " Each case had " + rounds + " rounds of " + round.toSeconds()
                + " s, taking turns, after a warm-up.");
        text.add("");
        text.add("## Selling");
        text.add("Open loop: " + shoppersPerSecond + " shoppers a second, one unit each, who give up after 10 s.");
        text.add("");
        text.add("![Units sold in a second](" + NAME + "-accepted.svg)");
        text.add("");
        text.add("![Latency](" + NAME + "-latency.svg)");
        text.add("");
        text.add("| design | accepted a second | of one key's | errors | p50 ms | p99 ms | p99.9 ms"
                + " | write units a unit | throttles | conflicts |");
        text.add("|---|---:|---:|---:|---:|---:|---:|---:|---|---:|");
        sales.forEach(it -> text.add(sale(it)));
        text.add("");
        text.add(promises());
        text.add("");
        text.add("## At a load that one key cannot carry");
        text.add("Open loop: " + fewShoppersPerSecond + " shoppers a second, who give up after 10 s.");
        text.add("");
        text.add("| design | accepted a second | errors | p50 ms | p99 ms | p99.9 ms | p99 of one key's |");
        text.add("|---|---:|---:|---:|---:|---:|---:|");
        fewShoppers.forEach(it -> text.add(few(it)));
        text.add("");
        text.add("## Reading ten shards");
        text.add("Open loop: " + readersPerSecond + " readers a second, who give up after 10 s.");
        text.add("");
        text.add("![Latency](" + NAME + "-reads.svg)");
        text.add("");
        text.add("| way | read a second | errors | p50 ms | p99 ms | p99.9 ms | read units a read | throttles |");
        text.add("|---|---:|---:|---:|---:|---:|---:|---|");
        reads.forEach(it -> text.add(read(it)));
        return text.toString();
    }

    private String sale(Measured it) {
        return "| %s | %s | %s | %s | %s | %s | %s | %d |"
                .formatted(
                        it.name(),
                        text("%.1f", it.acceptedPerSecond()),
                        text("%.1f×", it.acceptedPerSecond() / sales.get(0).acceptedPerSecond()),
                        errors(it),
                        latency(it),
                        text("%.1f", it.writeUnitsPerUnit()),
                        throttles(it.throttles()),
                        it.conflicts());
    }

    private String few(Measured it) {
        return "| %s | %s | %s | %s | %s |"
                .formatted(
                        it.name(),
                        text("%.1f", it.acceptedPerSecond()),
                        errors(it),
                        latency(it),
                        text(
                                "1 / %.1f",
                                fewShoppers.get(0).figures().latencies().p99()
                                        / it.figures().latencies().p99()));
    }

    /** What "accepted" is not. */
    private String promises() {
        return sales.stream()
                .filter(it -> it.figures().queued() > 0)
                .map(it ->
                        "%s: %d of %d shoppers were answered 202, their outcome to come; %d units had been sold when the last one was answered."
                                .formatted(
                                        it.name(),
                                        it.figures().queued(),
                                        it.figures().offered(),
                                        it.sold()))
                .collect(Collectors.joining("\n- ", "- ", ""));
    }

    private static String read(Measured it) {
        return "| %s | %s | %s | %s | %s | %s |"
                .formatted(
                        it.name(),
                        text("%.1f", it.figures().acceptedPerSecond()),
                        errors(it),
                        latency(it),
                        text("%.1f", it.readUnitsPerRead()),
                        throttles(it.throttles()));
    }

    private static String errors(Measured it) {
        return text("%.1f %%", 100 * it.figures().errorShare());
    }

    private static String latency(Measured it) {
        Latencies latencies = it.figures().latencies();
        return text("%.0f | %.0f | %.0f", latencies.p50(), latencies.p99(), latencies.p999());
    }

    private static String throttles(Map<String, Long> throttles) {
        return throttles.entrySet().stream()
                .map(it -> it.getValue() + " " + it.getKey())
                .collect(Collectors.joining(", "));
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
