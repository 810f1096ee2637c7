package dev.flashstock.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What is applied to a cluster together, as parsed YAML. */
record Manifests(List<JsonNode> all) {
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** Reads documents of YAML; a key that is there twice in an object is an error. */
    static Manifests parse(String yaml) throws IOException {
        try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(yaml)) {
            List<JsonNode> all = documents.readAll().stream()
                    .filter(document -> !document.isMissingNode() && !document.isNull())
                    .toList();
            assertThat(all).isNotEmpty();
            return new Manifests(all);
        }
    }

    static String name(JsonNode object) {
        return object.at("/metadata/name").asText();
    }

    static String id(JsonNode object) {
        return object.path("kind").asText() + " " + name(object);
    }

    List<JsonNode> ofKind(String kind) {
        return all.stream()
                .filter(object -> object.path("kind").asText().equals(kind))
                .toList();
    }

    JsonNode named(String kind, String name) {
        return ofKind(kind).stream()
                .filter(object -> name(object).equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("There is no " + kind + " " + name));
    }

    /** The pods that run for good. */
    List<Pod> servers() {
        return ofKind("Deployment").stream()
                .map(it -> new Pod(name(it), it.at("/spec/template/metadata/labels"), it.at("/spec/template/spec")))
                .toList();
    }

    /** Those of them that are flashstock's, and not a backend of a cluster for development. */
    List<Pod> roles() {
        return servers().stream().filter(Pod::isFlashstock).toList();
    }

    /** All pods, also those that do something and end. */
    List<Pod> pods() {
        return Stream.concat(
                        servers().stream(),
                        ofKind("Pod").stream().map(it -> new Pod(name(it), it.at("/metadata/labels"), it.path("spec"))))
                .toList();
    }

    /** Whether a selector's labels, of which there are some, are all on it. */
    static boolean selects(JsonNode selector, JsonNode labels) {
        return !selector.isEmpty()
                && selector.properties().stream()
                        .allMatch(label -> label.getValue().equals(labels.get(label.getKey())));
    }

    /** A pod of a workload. */
    record Pod(String name, JsonNode labels, JsonNode spec) {
        boolean isFlashstock() {
            return labels.path("app.kubernetes.io/name").asText().equals("flashstock");
        }

        String component() {
            return labels.path("app.kubernetes.io/component").asText();
        }

        List<JsonNode> containers() {
            List<JsonNode> containers = new ArrayList<>();
            spec.path("initContainers").forEach(containers::add);
            spec.path("containers").forEach(containers::add);
            assertThat(containers).as(name).isNotEmpty();
            return containers;
        }

        /** The variables that its containers have: from the ConfigMap that they name, and their own. */
        Map<String, JsonNode> variables(Manifests manifests) {
            Map<String, JsonNode> variables = new HashMap<>();
            for (JsonNode container : containers()) {
                for (JsonNode source : container.path("envFrom")) {
                    manifests
                            .named("ConfigMap", source.at("/configMapRef/name").asText())
                            .path("data")
                            .properties()
                            .forEach(entry -> variables.put(entry.getKey(), entry.getValue()));
                }
                ArrayNode own = container.withArray("env");
                own.forEach(it -> assertThat(variables.put(it.path("name").asText(), it.path("value")))
                        .as("%s: %s is set twice", name, it.path("name").asText())
                        .isNull());
            }
            return variables;
        }
    }
}
