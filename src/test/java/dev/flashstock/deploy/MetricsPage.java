package dev.flashstock.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The page of metrics, {@code docs/metrics.md}, as its tables say. */
final class MetricsPage {
    static final Path FILE = Path.of("docs/metrics.md");

    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `(\\w+)` \\| (counter|gauge|summary|histogram)[^|]* \\|[^|]*\\|([^|]*)\\|");
    private static final Pattern LABEL = Pattern.compile("`(\\w+)`:");

    private MetricsPage() {}

    /**
     * One metric.
     *
     * @param name as Prometheus has it
     * @param type as Prometheus has it
     * @param labels their names
     */
    record Metric(String name, String type, Set<String> labels) {
        private static Metric of(MatchResult row) {
            Set<String> labels = LABEL.matcher(row.group(3))
                    .results()
                    .map(label -> label.group(1))
                    .collect(Collectors.toSet());
            return new Metric(row.group(1), row.group(2), labels);
        }

        /** The names of its series. */
        List<String> series() {
            return switch (type) {
                case "summary" -> List.of(name, name + "_count", name + "_sum", name + "_max");
                case "histogram" -> List.of(name + "_bucket", name + "_count", name + "_sum", name + "_max");
                default -> List.of(name);
            };
        }
    }

    static List<Metric> metrics() throws IOException {
        return ROW.matcher(Files.readString(FILE)).results().map(Metric::of).toList();
    }

    /** Which labels each series has, by its name. Of those that the format adds, {@code quantile} is on the page and {@code le} is not. */
    static Map<String, Set<String>> series() throws IOException {
        Map<String, Set<String>> series = new HashMap<>();
        for (Metric metric : metrics()) {
            metric.series().forEach(name -> series.put(name, metric.labels()));
        }
        return series;
    }
}
