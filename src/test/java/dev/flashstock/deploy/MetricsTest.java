package dev.flashstock.deploy;

import static io.restassured.RestAssured.given;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flashstock.inventory.Follower;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The page of metrics is what the service tells: names, labels and meanings are read from {@code /q/metrics}, and {@code
 * -Dmetrics.write=true} writes them there. Whatever the sources register has to be among them, at once and not when it is
 * first counted.
 */
@QuarkusTest
class MetricsTest {
    private static final Path SOURCES = Path.of("src/main/java");
    private static final String BEGIN = "<!-- The table is written by MetricsTest: begin -->\n";
    private static final String END = "<!-- end -->";

    private static final Pattern ABOUT = Pattern.compile("# (HELP|TYPE) (flashstock_\\w+) (.*)");
    private static final Pattern SAMPLE = Pattern.compile("(flashstock_\\w+)(\\{(.*)})? \\S+");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");
    private static final Pattern REGISTERED =
            Pattern.compile("\\b(?:builder|counter|gauge|summary|timer)\\(\\s*\"([a-z]+(?:\\.[a-z]+)+)\"");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String MOST = "_max";

    /** Labels that may have other values than those that are there from the start. */
    private static final Map<String, String> OPEN = Map.of(
            "flashstock_throttles_total table", "the process's own",
            "flashstock_throttles_total index", "empty, or an index of that table",
            "flashstock_throttles_total reason", "one of DynamoDB's 16",
            "flashstock_backend_away backend", "`redis`, and `dax` where there is one");

    /** Labels of the format itself. */
    private static final List<String> OF_THE_FORMAT = List.of("le", "quantile");

    /** Made only where totals come from summaries; the service of this test need not follow a stream for that. */
    @Inject
    Instance<Follower> follower;

    private SortedMap<String, Family> families;

    /** Samples under one name, as the format has them. */
    private static final class Family {
        private String type = "";
        private String help = "";
        private boolean hasMost;
        private final SortedMap<String, SortedSet<String>> labels = new TreeMap<>();
    }

    @BeforeEach
    void read() {
        follower.get();
        families = families(told());
    }

    private static String told() {
        return given().accept("text/plain").get("/q/metrics").asString();
    }

    private static SortedMap<String, Family> families(String told) {
        SortedMap<String, Family> families = new TreeMap<>();
        for (String line : told.lines().toList()) {
            Matcher about = ABOUT.matcher(line);
            Matcher sample = SAMPLE.matcher(line);
            if (about.matches()) {
                Family family = families.computeIfAbsent(about.group(2), name -> new Family());
                if (about.group(1).equals("TYPE")) {
                    family.type = about.group(3);
                } else {
                    family.help = about.group(3).trim();
                }
            } else if (sample.matches() && sample.group(3) != null) {
                Family family = families.computeIfAbsent(familyOf(sample.group(1), families), name -> new Family());
                LABEL.matcher(sample.group(3))
                        .results()
                        .forEach(label -> family.labels
                                .computeIfAbsent(label.group(1), it -> new TreeSet<>())
                                .add(label.group(2)));
            }
        }
        for (String most :
                families.keySet().stream().filter(it -> it.endsWith(MOST)).toList()) {
            Family family = families.get(most.substring(0, most.length() - MOST.length()));
            if (family != null) {
                family.hasMost = true;
                families.remove(most);
            }
        }
        return families;
    }

    private static String familyOf(String sample, Map<String, Family> families) {
        return families.containsKey(sample) ? sample : sample.replaceFirst("_(bucket|count|sum)$", "");
    }

    @Test
    void thePageIsWhatTheServiceTells() throws IOException {
        // When
        String table = "| metric | type | unit | labels | meaning |\n|---|---|---|---|---|\n"
                + families.entrySet().stream()
                        .map(it -> row(it.getKey(), it.getValue()))
                        .collect(joining());

        // Then
        String page = Files.readString(MetricsPage.FILE);
        String written =
                page.substring(0, page.indexOf(BEGIN) + BEGIN.length()) + table + page.substring(page.indexOf(END));
        if (Boolean.getBoolean("metrics.write")) {
            Files.writeString(MetricsPage.FILE, written);
        }
        assertThat(Files.readString(MetricsPage.FILE)).isEqualTo(written);
    }

    private static String row(String name, Family family) {
        String unit = name.contains("_seconds") ? "seconds" : "";
        String labels = family.labels.entrySet().stream()
                .filter(label -> !label.getKey().equals("le"))
                .map(label -> "`" + label.getKey() + "`: " + values(name, label))
                .collect(joining("; "));
        return "| `%s` | %s | %s | %s | %s |\n"
                .formatted(
                        name, family.hasMost ? family.type + ", and `_max`" : family.type, unit, labels, family.help);
    }

    private static String values(String name, Map.Entry<String, SortedSet<String>> label) {
        String open = OPEN.get(name + " " + label.getKey());
        return open == null
                ? label.getValue().stream().map(value -> "`" + value + "`").collect(joining(", "))
                : open;
    }

    @Test
    void eachMetricSaysWhatItIs() {
        families.forEach((name, family) -> {
            assertThat(family.type).as(name).isIn("counter", "gauge", "histogram", "summary");
            assertThat(family.help).as(name).contains(" ");
        });
    }

    /** Series would be without number. */
    @Test
    void noLabelIsOfASkuAUserOrAShard() {
        assertThat(families.values().stream()
                        .flatMap(family -> family.labels.keySet().stream())
                        .filter(label -> !OF_THE_FORMAT.contains(label)))
                .isNotEmpty()
                .isSubsetOf("outcome", "reason", "result", "queue", "source", "kind", "backend", "table", "index");
        assertThat(families.entrySet().stream()
                        .filter(it -> it.getValue().labels.containsKey("table"))
                        .map(Map.Entry::getKey))
                .containsExactly("flashstock_throttles_total");
    }

    @Test
    void allThatTheSourcesRegisterIsTold() throws IOException {
        // When
        SortedSet<String> registered = new TreeSet<>();
        for (Path source : sources()) {
            String code = Files.readString(source);
            if (code.contains("import io.micrometer.core.instrument.")) {
                REGISTERED.matcher(code).results().map(call -> call.group(1)).forEach(registered::add);
            }
        }

        // Then
        assertThat(registered)
                .hasSizeGreaterThan(20)
                .isEqualTo(families.keySet().stream()
                        .map(name -> name.replaceFirst("_total$", "")
                                .replaceFirst("_seconds$", "")
                                .replace('_', '.'))
                        .collect(toCollection(TreeSet::new)));
    }

    /** Quarkus' own, of which the page names those that the dashboard shows. */
    @Test
    void whatThePageSaysOfOthersIsTold() throws IOException {
        // Given
        List<MetricsPage.Metric> others = MetricsPage.metrics().stream()
                .filter(it -> !it.name().startsWith("flashstock_"))
                .toList();

        // When
        given().get("/advice/shards?peakWritesPerSecond=100").then().statusCode(200);

        // Then
        assertThat(others).hasSizeGreaterThan(5);
        await().atMost(PATIENCE).untilAsserted(() -> {
            String told = told();
            for (MetricsPage.Metric other : others) {
                assertThat(told).contains("# TYPE " + other.name() + " " + other.type() + "\n");
                assertThat(told.lines()
                                .filter(line -> line.startsWith(
                                        other.series().get(other.series().size() - 1))))
                        .as(other.name())
                        .isNotEmpty()
                        .allMatch(line -> other.labels().stream().allMatch(label -> line.contains(label + "=\"")));
            }
        });
    }

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(it -> it.toString().endsWith(".java")).toList();
        }
    }
}
