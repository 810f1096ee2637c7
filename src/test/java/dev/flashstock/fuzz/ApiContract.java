package dev.flashstock.fuzz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;

/** The OpenAPI document, as far as requests are made from it and answers are held to it. */
final class ApiContract {
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete");

    private final JsonNode document;

    ApiContract(String json) {
        try {
            this.document = new ObjectMapper().readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("The contract is no JSON", e);
        }
    }

    /**
     * What may be asked for.
     *
     * @param bodies what its body looks like, by media type; empty: it has none
     * @param statuses how it may be answered
     * @param roles who may ask; empty: anybody
     * @param forms the media types of its successes
     */
    record Operation(
            String id,
            String method,
            String path,
            List<Parameter> parameters,
            Map<String, JsonNode> bodies,
            Set<Integer> statuses,
            List<String> roles,
            Set<String> forms) {}

    /** One parameter; {@code in} is path, query or header. */
    record Parameter(String name, String in, boolean required, JsonNode schema) {}

    /** All of them, in the document's order. */
    List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        document.path("paths")
                .fields()
                .forEachRemaining(path -> path.getValue().fields().forEachRemaining(it -> {
                    if (METHODS.contains(it.getKey())) {
                        operations.add(operation(path.getKey(), it.getKey(), it.getValue()));
                    }
                }));
        return operations;
    }

    private Operation operation(String path, String method, JsonNode node) {
        Map<String, JsonNode> bodies = new LinkedHashMap<>();
        node.path("requestBody")
                .path("content")
                .fields()
                .forEachRemaining(
                        it -> bodies.put(it.getKey(), resolved(it.getValue().path("schema"))));
        Set<Integer> statuses = new TreeSet<>();
        Set<String> forms = new TreeSet<>();
        node.path("responses").fields().forEachRemaining(it -> {
            statuses.add(Integer.valueOf(it.getKey()));
            if (it.getKey().startsWith("2")) {
                it.getValue().path("content").fieldNames().forEachRemaining(forms::add);
            }
        });
        return new Operation(
                node.path("operationId").asText(),
                method.toUpperCase(Locale.ROOT),
                path,
                elements(node.path("parameters")).map(this::parameter).toList(),
                bodies,
                statuses,
                elements(node.path("security").path(0).path("bearer"))
                        .map(JsonNode::asText)
                        .toList(),
                forms);
    }

    private Parameter parameter(JsonNode said) {
        JsonNode node = resolved(said);
        return new Parameter(
                node.path("name").asText(),
                node.path("in").asText(),
                node.path("required").asBoolean(),
                resolved(node.path("schema")));
    }

    /** What a reference refers to; anything else is itself. */
    JsonNode resolved(JsonNode node) {
        return Optional.ofNullable(node.get("$ref"))
                .map(ref -> resolved(document.at(ref.asText().substring(1))))
                .orElse(node);
    }

    private static java.util.stream.Stream<JsonNode> elements(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
