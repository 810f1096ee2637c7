package dev.flashstock.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The alarms are in {@code deploy/prometheus}. Neither kustomize nor Helm reads files outside of its own directory, so that
 * each has them once more, written by this test with {@code -Drules.write=true}, and compared without.
 */
class RulesTest {
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Path RULES = Path.of("deploy/prometheus/flashstock-rules.yaml");
    private static final Path KUSTOMIZE = Rendering.K8S.resolve("components/monitoring/prometheusrule.yaml");
    private static final Path HELM = Rendering.CHART.resolve("files/flashstock-rules.yaml");
    private static final String WRITTEN =
            "# Written by RulesTest out of deploy/prometheus/flashstock-rules.yaml: change that.\n";

    @Test
    void kustomizeHasTheSameAlarms() throws IOException {
        isThere(KUSTOMIZE, WRITTEN + """
                apiVersion: monitoring.coreos.com/v1
                kind: PrometheusRule
                metadata:
                  name: flashstock
                spec:
                """ + groups().indent(2));
    }

    @Test
    void theChartHasTheSameAlarms() throws IOException {
        isThere(HELM, WRITTEN + groups());
    }

    static Stream<Rendering> monitored() {
        return Stream.of(
                Rendering.kustomization("overlays/production"),
                Rendering.chart("flashstock", "values-production.yaml"),
                Rendering.chart("shop", "everything.yaml"));
    }

    /** Whatever templates and patches make of them: Prometheus' own braces among them. */
    @ParameterizedTest
    @MethodSource("monitored")
    void theyComeThroughUnchanged(Rendering rendering) throws Exception {
        // Given
        JsonNode rules = YAML.readTree(Files.readString(RULES));

        // When
        Manifests manifests = rendering.manifests();

        // Then
        assertThat(manifests.ofKind("PrometheusRule"))
                .singleElement()
                .extracting(it -> it.path("spec"))
                .isEqualTo(rules);
    }

    private static String groups() throws IOException {
        String rules = Files.readString(RULES);
        return rules.substring(rules.indexOf("groups:"));
    }

    private static void isThere(Path file, String content) throws IOException {
        if (Boolean.getBoolean("rules.write")) {
            Files.writeString(file, content);
        }
        assertThat(file).hasContent(content);
    }
}
