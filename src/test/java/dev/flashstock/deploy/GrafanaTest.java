package dev.flashstock.deploy;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The dashboard is in {@code deploy/grafana}, and asks for nothing that nobody tells. The manifests for Kubernetes have
 * copies, written by this test with {@code -Drules.write=true} as those of the alarms are, and compared without.
 */
class GrafanaTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path DASHBOARD = Path.of("deploy/grafana/flashstock.json");
    private static final Path RULES = Path.of("deploy/prometheus/flashstock-rules.yaml");
    private static final int WIDTH = 24;

    private static final Pattern TEXT = Pattern.compile("\"[^\"]*\"");
    private static final Pattern MATCHERS = Pattern.compile("(\\w+)\\{([^}]*)}");
    private static final Pattern GROUPING = Pattern.compile("\\b(?:by|without|on|ignoring) \\(([^)]*)\\)");
    private static final Pattern NAME = Pattern.compile("[a-zA-Z_]\\w*");
    private static final Pattern SERIES = Pattern.compile("\\b([a-z]\\w*)\\b(?!\\w*\\s*\\()");
    private static final Set<String> OPERATORS = Set.of("and", "or", "unless", "bool", "offset");

    /** What Prometheus adds on Kubernetes. */
    private static final Set<String> OF_KUBERNETES = Set.of("namespace", "pod");

    @Test
    void itIsFormatted() throws IOException {
        // Given
        DefaultIndenter lines = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter format = new DefaultPrettyPrinter(Separators.createDefaultInstance()
                        .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                        .withObjectEmptySeparator("")
                        .withArrayEmptySeparator(""))
                .withObjectIndenter(lines)
                .withArrayIndenter(lines);

        // Then
        isThere(DASHBOARD, JSON.writer(format).writeValueAsString(dashboard()) + "\n");
    }

    @Test
    void everyPanelSaysWhatItShows() throws IOException {
        for (JsonNode panel : panels()) {
            String title = panel.path("title").asText();
            assertThat(title).isNotBlank();
            assertThat(panel.path("description").asText()).as(title).endsWith(".");
            assertThat(panel.at("/fieldConfig/defaults/unit").asText())
                    .as(title)
                    .isNotBlank();
            assertThat(panel.path("targets")).as(title).isNotEmpty();
            assertThat(panel.path("targets").findValuesAsText("legendFormat"))
                    .as(title)
                    .hasSameSizeAs(panel.path("targets"))
                    .doesNotContain("");
        }
    }

    /** Wherever it is loaded: which Prometheus, is chosen on the dashboard. */
    @Test
    void everythingIsAskedOfTheChosenPrometheus() throws IOException {
        // When
        JsonNode dashboard = dashboard();

        // Then
        assertThat(dashboard.at("/templating/list/0/name").asText()).isEqualTo("datasource");
        assertThat(dashboard.at("/templating/list/0/type").asText()).isEqualTo("datasource");
        assertThat(dashboard.findValues("datasource"))
                .allMatch(it -> it.path("uid").asText().equals("${datasource}"));
        for (JsonNode panel : panels()) {
            assertThat(panel.has("datasource")).isTrue();
            assertThat(panel.path("targets")).allMatch(target -> target.has("datasource"));
        }
    }

    @Test
    void idsAreUniqueAndTitlesToo() throws IOException {
        assertThat(dashboard().path("panels"))
                .extracting(it -> it.path("id").asInt())
                .doesNotHaveDuplicates();
        assertThat(dashboard().path("panels"))
                .extracting(it -> it.path("title").asText())
                .doesNotHaveDuplicates();
    }

    @Test
    void noPanelLiesOnAnother() throws IOException {
        // When
        Set<String> taken = new HashSet<>();

        // Then
        for (JsonNode panel : dashboard().path("panels")) {
            JsonNode place = panel.path("gridPos");
            int right = place.path("x").asInt() + place.path("w").asInt();
            assertThat(right).isLessThanOrEqualTo(WIDTH);
            assertThat(place.path("w").asInt() * place.path("h").asInt()).isPositive();
            for (int x = place.path("x").asInt(); x < right; x++) {
                for (int h = 0; h < place.path("h").asInt(); h++) {
                    assertThat(taken.add(x + " " + (place.path("y").asInt() + h)))
                            .as("%s at %d", panel.path("title").asText(), x)
                            .isTrue();
                }
            }
        }
    }

    @Test
    void eachMetricAndLabelIsOnThePageOfMetrics() throws IOException {
        // Given
        Map<String, Set<String>> known = MetricsPage.series();

        // Then
        for (String expression : expressions()) {
            Set<String> series = seriesOf(expression);
            assertThat(series).as(expression).isNotEmpty().isSubsetOf(known.keySet());
            for (MatchResult selected : MATCHERS.matcher(expression).results().toList()) {
                assertThat(names(TEXT.matcher(selected.group(2)).replaceAll("")))
                        .as(expression)
                        .containsAll(OF_KUBERNETES)
                        .isSubsetOf(with(known.get(selected.group(1)), OF_KUBERNETES));
            }
            for (MatchResult grouping : GROUPING.matcher(expression).results().toList()) {
                assertThat(names(grouping.group(1)))
                        .as(expression)
                        .allMatch(label -> OF_KUBERNETES.contains(label)
                                || series.stream().anyMatch(it -> known.get(it).contains(label)));
            }
        }
    }

    @Test
    void anUnknownNameIsSeen() {
        assertThat(seriesOf("sum by (pod) (rate(a_total{b=\"c_d\"}[5m])) / max(e_max) and f_sum offset 5m"))
                .containsExactlyInAnyOrder("a_total", "e_max", "f_sum");
    }

    /** Who is called by an alarm sees on the dashboard what it rang on. */
    @Test
    void whateverRingsIsShown() throws IOException {
        // Given
        Set<String> shown = new HashSet<>();
        for (String expression : expressions()) {
            shown.addAll(seriesOf(expression));
        }

        // When
        List<JsonNode> alarms =
                new YAMLMapper().readTree(Files.readString(RULES)).findParents("alert");

        // Then
        assertThat(alarms).hasSizeGreaterThanOrEqualTo(10);
        for (JsonNode alarm : alarms) {
            assertThat(seriesOf(alarm.path("expr").asText()))
                    .as(alarm.path("alert").asText())
                    .isNotEmpty()
                    .isSubsetOf(shown);
        }
    }

    @ParameterizedTest
    @MethodSource("copies")
    void kubernetesHasTheSame(Path copy) throws IOException {
        isThere(copy, Files.readString(DASHBOARD));
    }

    static Stream<Path> copies() {
        return Stream.of(
                Rendering.K8S.resolve("components/monitoring/flashstock.json"),
                Rendering.CHART.resolve("files/flashstock.json"));
    }

    static Stream<Rendering> monitored() {
        return RulesTest.monitored();
    }

    /** The label is what Grafana's sidecar looks for. */
    @ParameterizedTest
    @MethodSource("monitored")
    void itComesThroughUnchanged(Rendering rendering) throws Exception {
        // When
        Manifests manifests = rendering.manifests();

        // Then
        assertThat(manifests.ofKind("ConfigMap"))
                .filteredOn(it ->
                        it.at("/metadata/labels/grafana_dashboard").asText().equals("1"))
                .singleElement()
                .satisfies(it -> {
                    assertThat(Manifests.name(it)).endsWith("flashstock-dashboard");
                    assertThat(it.at("/data/flashstock.json").asText()).isEqualTo(Files.readString(DASHBOARD));
                });
    }

    private static JsonNode dashboard() throws IOException {
        return JSON.readTree(Files.readString(DASHBOARD));
    }

    private static List<JsonNode> panels() throws IOException {
        List<JsonNode> panels = new ArrayList<>();
        dashboard().path("panels").forEach(panel -> {
            if (!panel.path("type").asText().equals("row")) {
                panels.add(panel);
            }
        });
        assertThat(panels).hasSizeGreaterThan(20);
        return panels;
    }

    private static List<String> expressions() throws IOException {
        return panels().stream()
                .flatMap(panel -> panel.path("targets").findValuesAsText("expr").stream())
                .toList();
    }

    /** Enough of PromQL to tell names of series from all else. */
    private static Set<String> seriesOf(String expression) {
        String names = GROUPING.matcher(
                        MATCHERS.matcher(TEXT.matcher(expression).replaceAll(""))
                                .replaceAll("$1"))
                .replaceAll("")
                .replaceAll("\\[[^]]*]", "")
                .replaceAll("offset \\w+", "");
        return SERIES.matcher(names)
                .results()
                .map(name -> name.group(1))
                .filter(name -> !OPERATORS.contains(name))
                .collect(toSet());
    }

    private static Set<String> names(String text) {
        return NAME.matcher(text).results().map(MatchResult::group).collect(toSet());
    }

    private static Set<String> with(Set<String> some, Set<String> more) {
        Set<String> all = new HashSet<>(some);
        all.addAll(more);
        return all;
    }

    private static void isThere(Path file, String content) throws IOException {
        if (Boolean.getBoolean("rules.write")) {
            Files.writeString(file, content);
        }
        assertThat(file).hasContent(content);
    }
}
