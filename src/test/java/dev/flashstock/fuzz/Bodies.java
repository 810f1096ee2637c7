package dev.flashstock.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** JSON bodies of one schema. */
final class Bodies {
    private final JsonNode schema;
    private final UnaryOperator<JsonNode> resolve;
    private final Map<String, String> known;

    /**
     * Bodies of a schema.
     *
     * @param resolve what a reference refers to
     * @param known fields whose values are not made up
     */
    Bodies(JsonNode schema, UnaryOperator<JsonNode> resolve, Map<String, String> known) {
        this.schema = schema;
        this.resolve = resolve;
        this.known = known;
    }

    /** What must be there. */
    Map<String, String> sound() {
        Map<String, String> fields = new LinkedHashMap<>();
        schema.path("required").forEach(it -> fields.put(it.asText(), sound(it.asText())));
        return fields;
    }

    String sound(String field) {
        JsonNode of = schema(field);
        return Bounds.json(of, known.getOrDefault(field, Bounds.sound(of)));
    }

    List<String> fields() {
        List<String> names = new ArrayList<>();
        schema.path("properties").fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** What a field may be given, most of it wrong; as it is written. */
    List<String> values(String field) {
        JsonNode of = schema(field);
        return Stream.concat(Nasty.json().stream(), Bounds.of(of).stream().map(it -> Bounds.json(of, it)))
                .toList();
    }

    private JsonNode schema(String field) {
        return resolve.apply(schema.path("properties").path(field));
    }

    static String json(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(it -> Nasty.quoted(it.getKey()) + ":" + it.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }
}
