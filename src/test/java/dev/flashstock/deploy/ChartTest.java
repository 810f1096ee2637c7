package dev.flashstock.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The chart as Helm sees it: lint, what its schema and its templates refuse, and what its table of values says. */
class ChartTest {
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-zA-Z.]+)` \\|");

    @TempDir
    Path directory;

    @Test
    void lintHasNothingToSay() {
        // When
        LintResult result = new Helm(Rendering.CHART).lint().strict().call();

        // Then
        assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
        assertThat(result.getMessages()).noneMatch(message -> message.contains("WARNING"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "replica: 3",
                "api: {replicas: 0}",
                "api: {replicas: two}",
                "api: {autoscaling: {queueLength: 1}}",
                "runtime: graal",
                "image: {tag: latest}",
                "image: {tag: 1}",
                "redis: cache.example:6379",
                "identity: {jwksUrl: 'http://issuer.example/jwks'}",
                "aws: {region: Frankfurt}",
                "queue: flashstock.fifo",
                "settings: {flashstock.stock.ttl: 5s}",
                "settings: {FLASHSTOCK_SQS_SENDS: 4}",
                "settings: {FLASHSTOCK_RESERVATIONS_ID_SECRETS: in-clear}",
                "settings: {FLASHSTOCK_SQS_CONSUMER_ENABLED: 'true'}",
                "api: {serviceAccount: {annotations: {eks.amazonaws.com/role-arn: flashstock}}}",
                "test: {image: curl}",
            })
    void theSchemaRefuses(String values) throws IOException {
        // Given
        Path wrong = Files.writeString(directory.resolve("wrong.yaml"), values);

        // Then
        assertThatThrownBy(() -> template(wrong)).hasMessageContaining("values don't meet the specifications");
    }

    @ParameterizedTest
    @ValueSource(strings = {"issuer", "jwksUrl"})
    void whatIsMissingIsNamed(String value) throws IOException {
        // Given
        String least = Files.readString(Path.of("src/test/resources/helm/least.yaml"));
        Path missing = Files.writeString(
                directory.resolve("missing.yaml"), least.replaceFirst("(?m)^ *" + value + ":.*\\n", ""));

        // Then
        assertThatThrownBy(() -> template(missing)).hasMessageContaining("identity." + value);
    }

    /** As a release calls them (.github/workflows/release.yml). */
    @ParameterizedTest
    @ValueSource(strings = {"native", "jvm"})
    void theImageIsTheOneOfTheRuntime(String runtime) throws Exception {
        // Given
        Path chosen = Files.writeString(directory.resolve("chosen.yaml"), "runtime: " + runtime);
        String version = YAML.readTree(Files.readString(Rendering.CHART.resolve("Chart.yaml")))
                .path("appVersion")
                .asText();

        // When
        Manifests manifests = Manifests.parse(template(Path.of("src/test/resources/helm/least.yaml"), chosen));

        // Then
        assertThat(manifests.ofKind("Deployment"))
                .hasSize(2)
                .extracting(
                        it -> it.at("/spec/template/spec/containers/0/image").asText())
                .allMatch(("flashstock:" + version + "-" + runtime)::equals);
    }

    @Test
    void aChangedSettingRollsThePods() throws Exception {
        // Given
        Path changed = Files.writeString(directory.resolve("changed.yaml"), "settings: {FLASHSTOCK_STOCK_TTL: 5s}");
        Path least = Path.of("src/test/resources/helm/least.yaml");

        // When
        List<String> before = checksums(template(least));
        List<String> after = checksums(template(least, changed));

        // Then
        assertThat(before).hasSize(2).doesNotContainAnyElementsOf(after);
    }

    private static List<String> checksums(String yaml) throws IOException {
        return Manifests.parse(yaml).ofKind("Deployment").stream()
                .map(it -> it.at("/spec/template/metadata/annotations/checksum~1settings")
                        .asText())
                .toList();
    }

    @Test
    void whatIsSetComesAfterWhatTheChartSays() throws Exception {
        // Given
        Path changed =
                Files.writeString(directory.resolve("changed.yaml"), "settings: {FLASHSTOCK_DYNAMODB_TABLE: other}");

        // When
        Manifests manifests = Manifests.parse(template(Path.of("src/test/resources/helm/least.yaml"), changed));

        // Then
        assertThat(manifests
                        .named("ConfigMap", "flashstock")
                        .at("/data/FLASHSTOCK_DYNAMODB_TABLE")
                        .asText())
                .isEqualTo("other");
    }

    /** As {@code jq} makes values out of Terraform's output (docs/kubernetes.md). */
    @Test
    void terraformsSettingsAreValues() throws Exception {
        // Given
        Path output = Files.writeString(directory.resolve("aws.json"), """
                {"aws": {"region": "us-east-2"}, "settings": {"QUARKUS_SQS_AWS_REGION": "us-east-2",
                 "FLASHSTOCK_SQS_MAX_RECEIVES": "20", "QUARKUS_REDIS_HOSTS": "rediss://master.cache.example:6379"}}
                """);

        // When
        Manifests manifests = Manifests.parse(template(Rendering.CHART.resolve("values-production.yaml"), output));

        // Then
        assertThat(manifests.named("ConfigMap", "flashstock").path("data"))
                .contains(
                        YAML.getNodeFactory().textNode("us-east-2"),
                        YAML.getNodeFactory().textNode("20"),
                        YAML.getNodeFactory().textNode("rediss://master.cache.example:6379"));
        assertThat(manifests.ofKind("ScaledObject").get(0).at("/spec/triggers/0/metadata/awsRegion"))
                .isEqualTo(manifests.named("ConfigMap", "flashstock").at("/data/QUARKUS_SQS_AWS_REGION"));
    }

    /** Every value has a row in the table, and every row a value. */
    @Test
    void theTableHasAllValues() throws IOException {
        // Given
        String readme = Files.readString(Rendering.CHART.resolve("README.md"));

        // When
        List<String> values = new ArrayList<>();
        leaves("", YAML.readTree(Files.readString(Rendering.CHART.resolve("values.yaml"))), values);

        // Then
        assertThat(ROW.matcher(readme).results().map(row -> row.group(1)))
                .containsExactlyInAnyOrderElementsOf(new TreeSet<>(values));
    }

    /** Down to what the table has a row for: resources are one. */
    private static void leaves(String path, JsonNode value, List<String> into) {
        if (value.isObject() && !value.isEmpty() && !path.startsWith("resources.")) {
            value.properties()
                    .forEach(entry -> leaves(
                            path.isEmpty() ? entry.getKey() : path + "." + entry.getKey(), entry.getValue(), into));
        } else {
            into.add(path);
        }
    }

    private static String template(Path... values) {
        return Rendering.template("flashstock", List.of(values));
    }
}
