package dev.flashstock.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flashstock.deploy.Manifests.Pod;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is particular to a cluster in production and to one on a desk; the chart says the same as the kustomizations. */
class OverlaysTest {

    @ParameterizedTest
    @ValueSource(strings = {"local", "production"})
    void theChartSaysTheSame(String overlay) throws Exception {
        // Given
        Rendering kustomization = Rendering.kustomization("overlays/" + overlay);
        Rendering chart = Rendering.chart("flashstock", "values-" + overlay + ".yaml");

        // When
        Map<String, JsonNode> kustomized = comparable(kustomization.manifests());
        Map<String, JsonNode> templated = comparable(chart.manifests());

        // Then
        assertThat(templated).containsOnlyKeys(kustomized.keySet());
        kustomized.forEach((id, object) -> assertThat(templated.get(id)).as(id).isEqualTo(object));
    }

    /** Without what only Helm or only kustomize has: its labels, its test, the way to roll pods on a changed setting. */
    private static Map<String, JsonNode> comparable(Manifests manifests) {
        Map<String, JsonNode> objects = new TreeMap<>();
        for (JsonNode object : manifests.all()) {
            ((ObjectNode) object.path("metadata").path("labels"))
                    .remove(List.of("helm.sh/chart", "app.kubernetes.io/managed-by"));
            if (object.at("/spec/template/metadata") instanceof ObjectNode template) {
                template.remove("annotations");
            }
            for (JsonNode source : object.findValues("configMapRef")) {
                ((ObjectNode) source)
                        .put("name", withoutHash(source.path("name").asText()));
            }
            for (JsonNode variables : object.findValues("env")) {
                sort((ArrayNode) variables);
            }
            if (object.path("kind").asText().equals("ConfigMap")) {
                ((ObjectNode) object.path("metadata")).put("name", withoutHash(Manifests.name(object)));
            }
            if (!object.path("kind").asText().equals("Pod")) {
                objects.put(Manifests.id(object), object);
            }
        }
        return objects;
    }

    private static String withoutHash(String name) {
        return name.replaceFirst("-[a-z0-9]{10}$", "");
    }

    private static void sort(ArrayNode variables) {
        List<JsonNode> sorted = new ArrayList<>();
        variables.forEach(sorted::add);
        sorted.sort(Comparator.comparing(it -> it.path("name").asText()));
        variables.removeAll();
        variables.addAll(sorted);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void productionHasARoleAnImageAndAutoscalers(boolean chart) throws Exception {
        // When
        Manifests manifests = rendering(chart, "production").manifests();

        // Then
        for (Pod role : manifests.roles()) {
            assertThat(role.containers().get(0).path("image").asText()).matches("images\\.example/.+:\\d+\\.\\d+.*");
            assertThat(manifests
                            .named(
                                    "ServiceAccount",
                                    role.spec().path("serviceAccountName").asText())
                            .at("/metadata/annotations/eks.amazonaws.com~1role-arn")
                            .asText())
                    .startsWith("arn:aws:iam::");
            assertThat(role.variables(manifests).get("QUARKUS_REDIS_HOSTS").asText())
                    .startsWith("rediss:");
            JsonNode resources = role.containers().get(0).path("resources");
            assertThat(resources.at("/requests/memory")).isEqualTo(resources.at("/limits/memory"));
        }
        for (String kind : List.of("HorizontalPodAutoscaler", "ScaledObject", "ServiceMonitor", "PrometheusRule")) {
            assertThat(manifests.ofKind(kind)).as(kind).hasSize(1);
        }
    }

    /** Each role has an AWS role of its own: the api cannot consume. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void terraformGivesItsRolesToTheAccountsOfThePods(boolean chart) throws Exception {
        // Given
        String terraform = Terraform.text("variables.tf");

        // When
        List<Pod> roles = rendering(chart, "production").manifests().roles();

        // Then
        assertThat(roles)
                .extracting(role -> "%s = \"%s\""
                        .formatted(
                                role.component(),
                                role.spec().path("serviceAccountName").asText()))
                .hasSize(2)
                .isSubsetOf(accounts(terraform));
    }

    private static List<String> accounts(String terraform) {
        return List.of(terraform
                .replaceFirst("(?s).*variable \"service_accounts\" .*?default += \\{ ([^}]+) \\}.*", "$1")
                .split(", "));
    }

    /** The versions of the tests' own backends, where there are images of them. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aClusterOnADeskHasItsBackendsAndNeedsNoAccount(boolean chart) throws Exception {
        // Given
        String pom = Files.readString(Path.of("pom.xml"));
        String version = pom.replaceFirst("(?s).*<dynamodb-local.version>([^<]+)<.*", "$1");

        // When
        Manifests manifests = rendering(chart, "local").manifests();

        // Then
        assertThat(manifests.servers())
                .filteredOn(server -> !server.isFlashstock())
                .extracting(server -> server.containers().get(0).path("image").asText())
                .hasSize(3)
                .contains("amazon/dynamodb-local:" + version);
        for (Pod role : manifests.roles()) {
            assertThat(role.variables(manifests))
                    .containsKeys("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "MP_JWT_VERIFY_PUBLICKEY")
                    .doesNotContainKey("MP_JWT_VERIFY_PUBLICKEY_LOCATION");
            assertThat(role.variables(manifests).get("FLASHSTOCK_PROVISION").asText())
                    .isEqualTo("true");
        }
    }

    /** A native executable needs little until there is something to do. */
    @Test
    void requestsOfTheBaseAreThoseOfANativeExecutable() throws Exception {
        // When
        List<Pod> roles = Rendering.kustomization("base").manifests().roles();

        // Then
        assertThat(roles)
                .extracting(role -> role.containers()
                        .get(0)
                        .at("/resources/requests/memory")
                        .asText())
                .containsOnly("128Mi");
    }

    private static Rendering rendering(boolean chart, String overlay) {
        return chart
                ? Rendering.chart("flashstock", "values-" + overlay + ".yaml")
                : Rendering.kustomization("overlays/" + overlay);
    }
}
