package dev.flashstock.deploy;

import static dev.flashstock.deploy.Manifests.id;
import static dev.flashstock.deploy.Manifests.name;
import static dev.flashstock.deploy.Manifests.selects;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flashstock.deploy.Manifests.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds everything that is rendered, out of kustomizations and out of the chart, to one policy: fields that exist, pods
 * that are unprivileged, bounded, probed, spread and drained, and references that lead somewhere.
 */
class ManifestsTest {
    /** A setting that the service does not know is ignored in silence, so that each is listed here. */
    private static final Set<String> SETTINGS = Set.of(
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
            "FLASHSTOCK_CLOUDWATCH_ENABLED",
            "FLASHSTOCK_DYNAMODB_TABLE",
            "FLASHSTOCK_PROVISION",
            "FLASHSTOCK_RESERVATIONS_ID_SECRETS",
            "FLASHSTOCK_SQS_CONSUMER_ENABLED",
            "FLASHSTOCK_SQS_DEAD_LETTER_QUEUE",
            "FLASHSTOCK_SQS_QUEUE",
            "FLASHSTOCK_STOCK_TTL",
            "MP_JWT_VERIFY_AUDIENCES",
            "MP_JWT_VERIFY_ISSUER",
            "MP_JWT_VERIFY_PUBLICKEY",
            "MP_JWT_VERIFY_PUBLICKEY_LOCATION",
            "QUARKUS_DYNAMODB_AWS_REGION",
            "QUARKUS_DYNAMODB_ENDPOINT_OVERRIDE",
            "QUARKUS_HTTP_CORS_ENABLED",
            "QUARKUS_REDIS_HOSTS",
            "QUARKUS_REDIS_PASSWORD",
            "QUARKUS_REDIS_TLS_HOSTNAME_VERIFICATION_ALGORITHM",
            "QUARKUS_SQS_AWS_REGION",
            "QUARKUS_SQS_ENDPOINT_OVERRIDE");

    /** Who gives a pod its AWS role (EKS Pod Identity): of the node's port 80, this alone may be reached. */
    private static final String AGENT =
            "to: [{ipBlock: {cidr: 169.254.170.23/32}}, {ipBlock: {cidr: 'fd00:ec2::23/128'}}]";

    private static final Pattern YAML_BLOCK = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);
    private static final Pattern DRAIN = Pattern.compile("Duration DRAIN = Duration\\.ofSeconds\\((\\d+)\\)");

    static Stream<Rendering> all() {
        return Rendering.all();
    }

    @ParameterizedTest
    @MethodSource("all")
    void allFieldsExist(Rendering rendering) throws Exception {
        assertThat(rendering.manifests().all()).flatMap(StrictFields::errors).isEmpty();
    }

    @Test
    void aFieldThatDoesNotExistIsSeen() throws IOException {
        for (String misspelled : List.of(
                "{apiVersion: apps/v1, kind: Deployment, spec: {template: {spec: {containers: [{readyProbe: {}}]}}}}",
                "{apiVersion: apps/v1, kind: Deployment, spec: {template: {spec: {containers: [{env: [{value: 1}]}]}}}}",
                "{apiVersion: apps/v1, kind: Deployment, spec: {replica: 1}}",
                "{apiVersion: v1, kind: ConfigMap, data: {A: true}}",
                "{apiVersion: v1, kind: Service, spec: {ports: [{port: eighty}]}}",
                "{apiVersion: keda.sh/v1alpha1, kind: TriggerAuthentication, spec: {podIdentity: {provide: aws}}}",
                "{apiVersion: keda.sh/v1alpha1, kind: TriggerAuthentication, spec: {podIdentity: {provider: 1}}}",
                "{apiVersion: keda.sh/v1, kind: TriggerAuthentication, spec: {podIdentity: {provider: aws}}}")) {
            // When
            List<String> errors =
                    StrictFields.errors(Manifests.parse(misspelled).all().get(0));

            // Then
            assertThat(errors).as(misspelled).isNotEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void namesAreUnique(Rendering rendering) throws Exception {
        assertThat(rendering.manifests().all().stream().map(Manifests::id)).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("all")
    void podsAreUnprivileged(Rendering rendering) throws Exception {
        for (Pod pod : rendering.manifests().pods()) {
            JsonNode ofPod = pod.spec().path("securityContext");
            assertThat(ofPod.at("/seccompProfile/type").asText()).as(pod.name()).isEqualTo("RuntimeDefault");
            for (String shared : List.of("hostNetwork", "hostPID", "hostIPC")) {
                assertThat(pod.spec().has(shared))
                        .as("%s %s", pod.name(), shared)
                        .isFalse();
            }
            for (JsonNode volume : pod.spec().path("volumes")) {
                assertThat(volume.at("/emptyDir/sizeLimit").asText())
                        .as("%s: bound of %s", pod.name(), volume.path("name"))
                        .isNotBlank();
            }
            for (JsonNode container : pod.containers()) {
                String what = pod.name() + " " + container.path("name").asText();
                JsonNode own = container.path("securityContext");
                assertThat(own.path("runAsNonRoot")
                                .asBoolean(ofPod.path("runAsNonRoot").asBoolean()))
                        .as("%s runs as non-root", what)
                        .isTrue();
                assertThat(own.path("runAsUser").asInt(ofPod.path("runAsUser").asInt()))
                        .as("%s: user", what)
                        .isPositive();
                assertThat(own.path("readOnlyRootFilesystem").asBoolean())
                        .as("%s: root is read-only", what)
                        .isTrue();
                assertThat(own.path("allowPrivilegeEscalation").asBoolean(true))
                        .as("%s may gain privileges", what)
                        .isFalse();
                assertThat(own.path("privileged").asBoolean())
                        .as("%s is privileged", what)
                        .isFalse();
                assertThat(own.at("/capabilities/drop/0").asText())
                        .as("%s: dropped capabilities", what)
                        .isEqualTo("ALL");
                assertThat(own.at("/capabilities/add").isMissingNode())
                        .as("%s adds no capability", what)
                        .isTrue();
            }
        }
    }

    /** IRSA's token comes by itself, mounted for AWS alone: that of the Kubernetes API is never needed. */
    @ParameterizedTest
    @MethodSource("all")
    void noPodHasATokenForTheClustersApi(Rendering rendering) throws Exception {
        // When
        Manifests manifests = rendering.manifests();

        // Then
        for (Pod pod : manifests.pods()) {
            assertThat(pod.spec().path("automountServiceAccountToken").asBoolean(true))
                    .as(pod.name())
                    .isFalse();
        }
        for (Pod role : manifests.roles()) {
            JsonNode account = manifests.named(
                    "ServiceAccount", role.spec().path("serviceAccountName").asText());
            assertThat(account.path("automountServiceAccountToken").asBoolean(true))
                    .isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void containersAreBounded(Rendering rendering) throws Exception {
        for (Pod pod : rendering.manifests().pods()) {
            for (JsonNode container : pod.containers()) {
                for (String bound : List.of("requests", "limits")) {
                    for (String resource : List.of("cpu", "memory")) {
                        assertThat(container
                                        .path("resources")
                                        .path(bound)
                                        .path(resource)
                                        .asText())
                                .as("%s: %s of %s", pod.name(), bound, resource)
                                .isNotBlank();
                    }
                }
                assertThat(container.path("image").asText()).doesNotEndWith(":latest");
            }
        }
    }

    /** Those that end by themselves have a time until which they must have. */
    @ParameterizedTest
    @MethodSource("all")
    void serversAreProbed(Rendering rendering) throws Exception {
        // When
        Manifests manifests = rendering.manifests();

        // Then
        for (Pod server : manifests.servers()) {
            for (JsonNode container : server.containers()) {
                for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
                    String how = server.isFlashstock() ? "httpGet" : "tcpSocket";
                    assertThat(container.path(probe).path(how).path("port").asText())
                            .as("%s: %s", server.name(), probe)
                            .isNotEmpty()
                            .isEqualTo(container.at("/ports/0/name").asText());
                }
            }
        }
        for (Pod role : manifests.roles()) {
            JsonNode container = role.containers().get(0);
            assertThat(container.at("/startupProbe/httpGet/path").asText()).isEqualTo("/q/health/started");
            assertThat(container.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/q/health/ready");
            assertThat(container.at("/livenessProbe/httpGet/path").asText()).isEqualTo("/q/health/live");
            assertThat(container.at("/ports/0/containerPort").asInt()).isEqualTo(8080);
        }
        for (JsonNode pod : manifests.ofKind("Pod")) {
            assertThat(pod.at("/metadata/annotations/helm.sh~1hook").asText()).isEqualTo("test");
            assertThat(pod.at("/spec/activeDeadlineSeconds").asInt()).isPositive();
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void theApiAnswersAndWorkersConsume(Rendering rendering) throws Exception {
        // When
        Manifests manifests = rendering.manifests();

        // Then
        assertThat(manifests.roles()).extracting(Pod::component).containsExactlyInAnyOrder("api", "worker");
        assertThat(manifests.roles())
                .extracting(role -> role.containers().get(0).path("image").asText())
                .containsOnly(manifests
                        .roles()
                        .get(0)
                        .containers()
                        .get(0)
                        .path("image")
                        .asText());
        for (Pod role : manifests.roles()) {
            assertThat(role.variables(manifests)
                            .get("FLASHSTOCK_SQS_CONSUMER_ENABLED")
                            .asText())
                    .isEqualTo(role.component().equals("worker") ? "true" : "false");
        }
    }

    /** Kubernetes ends a process for good after the grace period: what it does until then has to fit. */
    @ParameterizedTest
    @MethodSource("all")
    void thereIsTimeToDrain(Rendering rendering) throws Exception {
        // Given
        Properties application = new Properties();
        try (var reader = Files.newBufferedReader(Path.of("src/main/resources/application.properties"))) {
            application.load(reader);
        }
        int requests = Integer.parseInt(
                application.getProperty("quarkus.shutdown.timeout").replace("s", ""));
        Matcher drain = DRAIN.matcher(Files.readString(Path.of("src/main/java/dev/flashstock/app/Startup.java")));
        assertThat(drain.find()).isTrue();
        int inHand = Integer.parseInt(drain.group(1));

        // When
        List<Pod> roles = rendering.manifests().roles();

        // Then
        for (Pod role : roles) {
            int unseen = role.containers()
                    .get(0)
                    .at("/lifecycle/preStop/sleep/seconds")
                    .asInt();
            assertThat(unseen)
                    .as("%s: until nobody sends requests", role.name())
                    .isPositive();
            assertThat(role.spec().path("terminationGracePeriodSeconds").asInt())
                    .as(role.name())
                    .isGreaterThanOrEqualTo(unseen + requests + inHand);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void rolesAreSpreadOverZonesAndNodes(Rendering rendering) throws Exception {
        for (Pod role : rendering.manifests().roles()) {
            JsonNode constraints = role.spec().path("topologySpreadConstraints");
            assertThat(constraints.findValuesAsText("topologyKey"))
                    .containsExactly("topology.kubernetes.io/zone", "kubernetes.io/hostname");
            for (JsonNode constraint : constraints) {
                assertThat(selects(constraint.at("/labelSelector/matchLabels"), role.labels()))
                        .as(role.name())
                        .isTrue();
                for (JsonNode key : constraint.path("matchLabelKeys")) {
                    assertThat(role.labels().has(key.asText()) || key.asText().equals("pod-template-hash"))
                            .as("%s has the label %s", role.name(), key)
                            .isTrue();
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void rolesAreNotAllEvictedAtOnce(Rendering rendering) throws Exception {
        // When
        Manifests manifests = rendering.manifests();

        // Then
        for (Pod role : manifests.roles()) {
            assertThat(manifests.ofKind("PodDisruptionBudget"))
                    .filteredOn(it -> selects(it.at("/spec/selector/matchLabels"), role.labels()))
                    .as(role.name())
                    .singleElement()
                    .extracting(it -> it.at("/spec/maxUnavailable").asInt())
                    .isEqualTo(1);
        }
        for (JsonNode budget : manifests.ofKind("PodDisruptionBudget")) {
            assertThat(manifests.pods())
                    .filteredOn(pod -> selects(budget.at("/spec/selector/matchLabels"), pod.labels()))
                    .as(name(budget))
                    .hasSize(1);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void aDeploymentThatAnAutoscalerScalesSaysNothingOfReplicas(Rendering rendering) throws Exception {
        // When
        Manifests manifests = rendering.manifests();

        // Then
        List<String> scaled = new ArrayList<>();
        for (String kind : List.of("HorizontalPodAutoscaler", "ScaledObject")) {
            for (JsonNode autoscaler : manifests.ofKind(kind)) {
                String target = autoscaler.at("/spec/scaleTargetRef/name").asText();
                JsonNode deployment = manifests.named("Deployment", target);
                assertThat(deployment.at("/spec").has("replicas"))
                        .as("%s has replicas", target)
                        .isFalse();
                scaled.add(target);
            }
        }
        assertThat(scaled).doesNotHaveDuplicates();
        for (JsonNode deployment : manifests.ofKind("Deployment")) {
            if (!scaled.contains(name(deployment))) {
                assertThat(deployment.at("/spec/replicas").asInt())
                        .as(name(deployment))
                        .isPositive();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void workersAreScaledByTheQueueThatTheyConsume(Rendering rendering) throws Exception {
        // When
        Manifests manifests = rendering.manifests();

        // Then
        for (JsonNode scaled : manifests.ofKind("ScaledObject")) {
            Pod worker = manifests.roles().stream()
                    .filter(role -> role.name()
                            .equals(scaled.at("/spec/scaleTargetRef/name").asText()))
                    .findFirst()
                    .orElseThrow();
            assertThat(worker.component()).isEqualTo("worker");
            JsonNode trigger = scaled.at("/spec/triggers/0");
            Map<String, JsonNode> variables = worker.variables(manifests);
            assertThat(trigger.path("type").asText()).isEqualTo("aws-sqs-queue");
            assertThat(variables)
                    .containsKey(trigger.at("/metadata/queueURLFromEnv").asText())
                    .containsEntry("QUARKUS_SQS_AWS_REGION", trigger.at("/metadata/awsRegion"));
            assertThat(trigger.at("/metadata/queueURLFromEnv").asText()).isEqualTo("FLASHSTOCK_SQS_QUEUE");
            assertThat(manifests.named(
                            "TriggerAuthentication",
                            trigger.at("/authenticationRef/name").asText()))
                    .isNotNull();
            int least = scaled.at("/spec/minReplicaCount").asInt();
            int most = scaled.at("/spec/maxReplicaCount").asInt();
            assertThat(least).isBetween(1, most);
            assertThat(scaled.at("/spec/fallback/replicas").asInt()).isBetween(least, most);
        }
        for (JsonNode autoscaler : manifests.ofKind("HorizontalPodAutoscaler")) {
            assertThat(autoscaler.at("/spec/minReplicas").asInt())
                    .isBetween(1, autoscaler.at("/spec/maxReplicas").asInt());
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void onlyTheServicesPortIsOpenAndOnlyWhatIsNeededIsReached(Rendering rendering) throws Exception {
        // When
        Manifests manifests = rendering.manifests();

        // Then
        List<JsonNode> policies = manifests.ofKind("NetworkPolicy");
        for (Pod server : manifests.servers()) {
            JsonNode policy = policies.stream()
                    .filter(it -> selects(it.at("/spec/podSelector/matchLabels"), server.labels()))
                    .reduce((one, other) -> {
                        throw new AssertionError(server.name() + " has " + name(one) + " and " + name(other));
                    })
                    .orElseThrow(() -> new AssertionError(server.name() + " has no NetworkPolicy"));
            assertThat(policy.at("/spec/policyTypes")).hasSize(2);
            Set<Integer> in = ports(policy.at("/spec/ingress"));
            if (server.isFlashstock()) {
                assertThat(in).containsExactly(8080);
                assertThat(ports(policy.at("/spec/egress")))
                        .contains(53, 443, 80, redisPort(server.variables(manifests)))
                        // The kubelet's among them.
                        .doesNotContain(8080, 10250);
                for (JsonNode rule : policy.at("/spec/egress")) {
                    if (rule.findValuesAsText("port").contains("80")) {
                        assertThat(rule.path("to"))
                                .isEqualTo(Manifests.parse(AGENT).all().get(0).path("to"));
                    }
                }
            } else {
                assertThat(in)
                        .contains(server.containers()
                                .get(0)
                                .at("/ports/0/containerPort")
                                .asInt());
                assertThat(policy.at("/spec/egress").isMissingNode()).isTrue();
            }
        }
    }

    /** With a rule that names no port, all would be open. */
    private static Set<Integer> ports(JsonNode rules) {
        for (JsonNode rule : rules) {
            assertThat(rule.path("ports")).isNotEmpty();
        }
        return rules.findValues("port").stream().map(JsonNode::asInt).collect(toSet());
    }

    private static int redisPort(Map<String, JsonNode> variables) {
        String hosts = variables.get("QUARKUS_REDIS_HOSTS").asText();
        return Integer.parseInt(hosts.substring(hosts.lastIndexOf(':') + 1));
    }

    @ParameterizedTest
    @MethodSource("all")
    void servicesLeadToTheirPods(Rendering rendering) throws Exception {
        // When
        Manifests manifests = rendering.manifests();

        // Then
        for (JsonNode service : manifests.ofKind("Service")) {
            assertThat(manifests.pods())
                    .filteredOn(pod -> selects(service.at("/spec/selector"), pod.labels()))
                    .as(name(service))
                    .singleElement()
                    .satisfies(pod -> assertThat(
                                    pod.containers().get(0).at("/ports/0/name").asText())
                            .isEqualTo(service.at("/spec/ports/0/targetPort").asText()));
        }
        for (JsonNode monitor : manifests.ofKind("ServiceMonitor")) {
            List<JsonNode> services = manifests.ofKind("Service").stream()
                    .filter(it -> selects(monitor.at("/spec/selector/matchLabels"), it.at("/metadata/labels")))
                    .toList();
            assertThat(services).hasSize(2);
            assertThat(services)
                    .extracting(it -> it.at("/spec/ports/0/name").asText())
                    .containsOnly(monitor.at("/spec/endpoints/0/port").asText());
        }
    }

    /** The page's examples, where the rendering has the names that the page uses. */
    @ParameterizedTest
    @MethodSource("production")
    void examplesOfThePageLeadToTheApi(Rendering rendering) throws Exception {
        // Given
        List<String> blocks = YAML_BLOCK
                .matcher(Files.readString(Path.of("docs/kubernetes.md")))
                .results()
                .map(block -> block.group(1))
                .toList();
        assertThat(blocks).hasSize(2);
        JsonNode service = rendering.manifests().named("Service", "flashstock");

        for (String block : blocks) {
            // When
            JsonNode ingress = Manifests.parse(block).all().get(0);

            // Then
            assertThat(StrictFields.errors(ingress)).isEmpty();
            assertThat(ingress.path("kind").asText()).isEqualTo("Ingress");
            assertThat(ingress.findValues("service")).isNotEmpty().allSatisfy(backend -> {
                assertThat(backend.path("name")).isEqualTo(service.at("/metadata/name"));
                assertThat(backend.at("/port/name")).isEqualTo(service.at("/spec/ports/0/name"));
            });
        }
    }

    static Stream<Rendering> production() {
        return Rendering.all()
                .filter(it -> it.name().endsWith("production") || it.name().endsWith("production.yaml"));
    }

    /** Where one is on its own cluster, what is called there exists. */
    @ParameterizedTest
    @MethodSource("all")
    void backendsInTheClusterAreReachedUnderTheirNames(Rendering rendering) throws Exception {
        // When
        Manifests manifests = rendering.manifests();

        // Then
        boolean local = manifests.servers().size() > manifests.roles().size();
        for (Pod role : manifests.roles()) {
            Map<String, JsonNode> variables = role.variables(manifests);
            for (String key : List.of(
                    "QUARKUS_DYNAMODB_ENDPOINT_OVERRIDE", "QUARKUS_SQS_ENDPOINT_OVERRIDE", "QUARKUS_REDIS_HOSTS")) {
                if (local) {
                    String[] place =
                            variables.get(key).asText().replaceFirst(".*//", "").split(":");
                    assertThat(manifests
                                    .named("Service", place[0])
                                    .at("/spec/ports/0/port")
                                    .asInt())
                            .isEqualTo(Integer.parseInt(place[1]));
                } else if (key.endsWith("_OVERRIDE")) {
                    assertThat(variables).doesNotContainKeys(key, "AWS_ACCESS_KEY_ID", "FLASHSTOCK_PROVISION");
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void settingsAreKnown(Rendering rendering) throws Exception {
        // When
        Manifests manifests = rendering.manifests();

        // Then
        for (Pod role : manifests.roles()) {
            assertThat(role.variables(manifests).keySet())
                    .contains("FLASHSTOCK_DYNAMODB_TABLE", "FLASHSTOCK_RESERVATIONS_ID_SECRETS")
                    .isSubsetOf(SETTINGS);
        }
    }

    /** A Service called flashstock would make Kubernetes set FLASHSTOCK_PORT, which reads like a setting. */
    @ParameterizedTest
    @MethodSource("all")
    void servicesDoNotBecomeSettings(Rendering rendering) throws Exception {
        for (Pod pod : rendering.manifests().pods()) {
            assertThat(pod.spec().path("enableServiceLinks").asBoolean(true))
                    .as(pod.name())
                    .isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void secretsAreNotRendered(Rendering rendering) throws Exception {
        // When
        Manifests manifests = rendering.manifests();

        // Then
        assertThat(manifests.ofKind("Secret")).isEmpty();
        for (Pod role : manifests.roles()) {
            for (JsonNode variable : role.containers().get(0).path("env")) {
                if (variable.has("valueFrom")) {
                    assertThat(variable.at("/valueFrom/secretKeyRef/key"))
                            .as(id(variable))
                            .isEqualTo(variable.path("name"));
                }
            }
        }
    }
}
