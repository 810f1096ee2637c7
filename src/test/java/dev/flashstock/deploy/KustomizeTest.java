package dev.flashstock.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds what the kustomizations render to the policy for pods: unprivileged, bounded, probed, settings spelled right. */
class KustomizeTest {

    /** A setting that the service does not know is ignored in silence, so that each is listed here. */
    private static final Set<String> SETTINGS = Set.of(
            "FLASHSTOCK_SQS_QUEUE",
            "FLASHSTOCK_RESERVATIONS_ID_SECRETS",
            "FLASHSTOCK_DYNAMODB_TABLE",
            "QUARKUS_DYNAMODB_AWS_REGION",
            "QUARKUS_REDIS_HOSTS",
            "QUARKUS_SQS_AWS_REGION");

    private static boolean kubectlFound;

    @BeforeAll
    static void lookForKubectl() {
        kubectlFound = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(directory -> Path.of(directory, "kubectl").toFile().canExecute());
        if (!kubectlFound) {
            System.out.println("KustomizeTest is skipped: no kubectl on the PATH");
        }
    }

    @BeforeEach
    void needsKubectl() {
        assumeTrue(kubectlFound, "no kubectl on the PATH");
    }

    @ParameterizedTest
    @ValueSource(strings = {"base", "overlays/production"})
    void podsAreUnprivileged(String kustomization) throws Exception {
        for (JsonNode pod : pods(render(kustomization))) {
            JsonNode podContext = pod.path("securityContext");
            assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
            assertThat(podContext.at("/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
            for (JsonNode container : containers(pod)) {
                String name = container.path("name").asText();
                JsonNode context = container.path("securityContext");
                assertThat(context.path("runAsNonRoot")
                                .asBoolean(podContext.path("runAsNonRoot").asBoolean()))
                        .as("%s runs as non-root", name)
                        .isTrue();
                assertThat(context.path("runAsUser")
                                .asInt(podContext.path("runAsUser").asInt()))
                        .as("%s's user", name)
                        .isPositive();
                assertThat(context.path("readOnlyRootFilesystem").asBoolean())
                        .as("%s's root is read-only", name)
                        .isTrue();
                assertThat(context.path("allowPrivilegeEscalation").asBoolean(true))
                        .as("%s may gain privileges", name)
                        .isFalse();
                assertThat(context.at("/capabilities/drop/0").asText())
                        .as("%s's dropped capabilities", name)
                        .isEqualTo("ALL");
                assertThat(context.at("/capabilities/add").isMissingNode())
                        .as("%s adds no capability", name)
                        .isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"base", "overlays/production"})
    void containersAreBoundedAndProbed(String kustomization) throws Exception {
        for (JsonNode pod : pods(render(kustomization))) {
            for (JsonNode container : containers(pod)) {
                for (String bound : List.of("requests", "limits")) {
                    for (String resource : List.of("cpu", "memory")) {
                        assertThat(container
                                        .path("resources")
                                        .path(bound)
                                        .path(resource)
                                        .asText())
                                .as("%s of %s", bound, resource)
                                .isNotBlank();
                    }
                }
                assertThat(probe(container, "startupProbe")).isEqualTo("/q/health/started");
                assertThat(probe(container, "readinessProbe")).isEqualTo("/q/health/ready");
                assertThat(probe(container, "livenessProbe")).isEqualTo("/q/health/live");
                assertThat(container.at("/ports/0/name").asText()).isEqualTo("http");
                assertThat(container.at("/ports/0/containerPort").asInt()).isEqualTo(8080);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"base", "overlays/production"})
    void settingsAreKnown(String kustomization) throws Exception {
        List<JsonNode> rendered = render(kustomization);
        List<String> names = new ArrayList<>();
        for (JsonNode pod : pods(rendered)) {
            for (JsonNode container : containers(pod)) {
                container.path("env").forEach(env -> names.add(env.path("name").asText()));
                for (JsonNode source : container.path("envFrom")) {
                    String configMap = source.at("/configMapRef/name").asText();
                    JsonNode data = ofKind(rendered, "ConfigMap").stream()
                            .filter(map -> map.at("/metadata/name").asText().equals(configMap))
                            .findFirst()
                            .orElseThrow(() -> new AssertionError("ConfigMap " + configMap + " is not rendered"))
                            .path("data");
                    data.fieldNames().forEachRemaining(names::add);
                }
            }
        }
        assertThat(names)
                .doesNotHaveDuplicates()
                .contains("FLASHSTOCK_DYNAMODB_TABLE", "FLASHSTOCK_RESERVATIONS_ID_SECRETS");
        assertThat(names)
                .filteredOn(name -> name.startsWith("FLASHSTOCK_") || name.startsWith("QUARKUS_"))
                .isSubsetOf(SETTINGS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"base", "overlays/production"})
    void secretsAreNotCommitted(String kustomization) throws Exception {
        assertThat(ofKind(render(kustomization), "Secret")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = "overlays/production")
    void productionPinsItsImage(String kustomization) throws Exception {
        for (JsonNode pod : pods(render(kustomization))) {
            for (JsonNode container : containers(pod)) {
                assertThat(container.path("image").asText())
                        .matches(".+:[^:/]+")
                        .doesNotEndWith(":latest");
            }
        }
    }

    private static List<JsonNode> render(String kustomization) throws IOException, InterruptedException {
        File errors = File.createTempFile("kustomize", ".err");
        Process kubectl = new ProcessBuilder("kubectl", "kustomize", "deploy/k8s/" + kustomization)
                .redirectError(errors)
                .start();
        String yaml = new String(kubectl.getInputStream().readAllBytes(), UTF_8);
        assertThat(kubectl.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(kubectl.exitValue())
                .as("kubectl: %s", Files.readString(errors.toPath()))
                .isZero();
        assertThat(errors.delete()).isTrue();
        try (var documents = new YAMLMapper().readerFor(JsonNode.class).<JsonNode>readValues(yaml)) {
            return documents.readAll();
        }
    }

    private static List<JsonNode> ofKind(List<JsonNode> rendered, String kind) {
        return rendered.stream()
                .filter(document -> document.path("kind").asText().equals(kind))
                .toList();
    }

    private static List<JsonNode> pods(List<JsonNode> rendered) {
        List<JsonNode> pods = rendered.stream()
                .map(document -> document.at("/spec/template/spec"))
                .filter(JsonNode::isObject)
                .toList();
        assertThat(pods).isNotEmpty();
        return pods;
    }

    private static List<JsonNode> containers(JsonNode pod) {
        List<JsonNode> containers = new ArrayList<>();
        pod.path("initContainers").forEach(containers::add);
        pod.path("containers").forEach(containers::add);
        assertThat(containers).isNotEmpty();
        return containers;
    }

    private static String probe(JsonNode container, String name) {
        assertThat(container.path(name).at("/httpGet/port").asText()).as(name).isEqualTo("http");
        return container.path(name).at("/httpGet/path").asText();
    }
}
