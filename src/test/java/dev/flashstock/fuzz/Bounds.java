package dev.flashstock.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** What a schema allows just so, and just not any more. */
final class Bounds {
    private Bounds() {}

    /** At its bounds and one beyond, as they are written without quotes. */
    static List<String> of(JsonNode schema) {
        List<String> values = new ArrayList<>();
        for (String bound : List.of("minimum", "maximum")) {
            if (schema.has(bound)) {
                BigInteger at = schema.get(bound).bigIntegerValue();
                for (int by = -1; by <= 1; by++) {
                    values.add(at.add(BigInteger.valueOf(by)).toString());
                }
            }
        }
        for (String bound : List.of("minLength", "maxLength")) {
            if (schema.has(bound)) {
                int at = schema.get(bound).intValue();
                values.addAll(Nasty.ofLengths(at - 1, at, at + 1));
            }
        }
        schema.path("enum").forEach(it -> values.add(it.asText()));
        schema.path("examples").forEach(it -> values.add(it.asText()));
        return values;
    }

    /** Something that it allows. */
    static String sound(JsonNode schema) {
        JsonNode of = schema.has("items") ? schema.get("items") : schema;
        for (String source : List.of("examples", "enum")) {
            if (of.path(source).size() > 0) {
                return of.path(source).get(0).asText();
            }
        }
        return of.has("minimum") ? of.get("minimum").asText() : "a";
    }

    static boolean isNumber(JsonNode schema) {
        return schema.path("type").toString().contains("integer");
    }

    static String json(JsonNode schema, String value) {
        return isNumber(schema) ? value : Nasty.quoted(value);
    }
}
