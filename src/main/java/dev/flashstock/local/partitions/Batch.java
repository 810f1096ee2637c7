package dev.flashstock.local.partitions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** A batch of which some entries are held back: the rest goes to the backend, they come back as unprocessed. */
final class Batch {
    private static final String ITEMS = "RequestItems";
    private static final String KEYS = "Keys";

    private final Operation.Kind kind;
    private final JsonNode request;
    private final Set<JsonNode> heldBack = Collections.newSetFromMap(new IdentityHashMap<>());

    /** Splits a batch; any other request has nothing that could be held back, and stays whole. */
    Batch(Operation operation, JsonNode request, Set<Integer> heldBack) {
        this.kind = operation.kind();
        this.request = request;
        if (kind.isBatch()) {
            heldBack.forEach(i -> this.heldBack.add(operation.entries().get(i).wire()));
        }
    }

    /** What goes to the backend. */
    JsonNode rest() {
        if (heldBack.isEmpty()) {
            return request;
        }
        ObjectNode rest = ((ObjectNode) request).objectNode();
        rest.setAll((ObjectNode) request);
        rest.set(ITEMS, items(entry -> !heldBack.contains(entry)));
        return rest;
    }

    /** Whether nothing is left for the backend. */
    boolean isEmpty() {
        return !heldBack.isEmpty() && rest().path(ITEMS).isEmpty();
    }

    /** The backend's answer, and what was held back. */
    ObjectNode withUnprocessed(ObjectNode answer) {
        if (heldBack.isEmpty()) {
            return answer;
        }
        ObjectNode unprocessed =
                answer.withObject(kind == Operation.Kind.BATCH_READ ? "/UnprocessedKeys" : "/UnprocessedItems");
        for (Map.Entry<String, JsonNode> table : items(heldBack::contains).properties()) {
            JsonNode already = unprocessed.get(table.getKey());
            unprocessed.set(table.getKey(), table.getValue());
            if (already != null) {
                list(table.getValue()).addAll(list(already));
            }
        }
        if (kind == Operation.Kind.BATCH_READ) {
            answer.withObject("/Responses");
        }
        return answer;
    }

    private ObjectNode items(Predicate<JsonNode> wanted) {
        ObjectNode items = ((ObjectNode) request).objectNode();
        for (Map.Entry<String, JsonNode> table : request.path(ITEMS).properties()) {
            ArrayNode some = items.arrayNode();
            list(table.getValue()).forEach(entry -> {
                if (wanted.test(entry)) {
                    some.add(entry);
                }
            });
            if (!some.isEmpty()) {
                items.set(table.getKey(), kind == Operation.Kind.BATCH_READ ? keys(table.getValue(), some) : some);
            }
        }
        return items;
    }

    /** The same way to read other keys. */
    private static ObjectNode keys(JsonNode table, ArrayNode keys) {
        ObjectNode copy = keys.objectNode();
        copy.setAll((ObjectNode) table);
        copy.set(KEYS, keys);
        return copy;
    }

    private ArrayNode list(JsonNode table) {
        return (ArrayNode) (kind == Operation.Kind.BATCH_READ ? table.path(KEYS) : table);
    }
}
