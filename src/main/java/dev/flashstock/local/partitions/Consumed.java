package dev.flashstock.local.partitions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What DynamoDB Local says that a request has consumed. */
final class Consumed {
    private static final List<String> CONDITION_FAILED =
            List.of("#ConditionalCheckFailedException", "#TransactionCanceledException");

    private Consumed() {}

    /** The request, asking to be told. */
    static JsonNode askedFor(JsonNode request) {
        ObjectNode copy = ((ObjectNode) request).objectNode();
        copy.setAll((ObjectNode) request);
        return copy.put("ReturnConsumedCapacity", "INDEXES");
    }

    /** Units by place. Of a batch, DynamoDB Local forgets the keys that it did not find: they cost the least there is. */
    static Map<Charge.Place, Double> of(ObjectNode answer, Operation operation) {
        Map<Charge.Place, Double> units = new HashMap<>();
        JsonNode consumed = answer.path("ConsumedCapacity");
        if (consumed.isArray()) {
            consumed.forEach(table -> add(table, units));
        } else if (consumed.isObject()) {
            add(consumed, units);
        }
        if (operation.kind() == Operation.Kind.BATCH_READ) {
            operation.charges().stream()
                    .collect(Collectors.groupingBy(Charge::place))
                    .forEach((place, charges) -> units.merge(place, unfound(answer, place, charges), Double::sum));
        }
        return units;
    }

    private static double unfound(ObjectNode answer, Charge.Place place, List<Charge> charges) {
        int found = answer.path("Responses").path(place.table()).size();
        int unprocessed =
                answer.path("UnprocessedKeys").path(place.table()).path("Keys").size();
        return Math.max(0, charges.size() - found - unprocessed)
                * charges.get(0).units();
    }

    private static void add(JsonNode table, Map<Charge.Place, Double> units) {
        String name = table.path("TableName").asText();
        double whole = table.path("Table").path("CapacityUnits").asDouble();
        if (whole > 0) {
            units.put(new Charge.Place(name, null), whole);
        }
        for (Map.Entry<String, JsonNode> index :
                table.path("GlobalSecondaryIndexes").properties()) {
            units.put(
                    new Charge.Place(name, index.getKey()),
                    index.getValue().path("CapacityUnits").asDouble());
        }
    }

    /** Whether an error says that a condition did not hold, which costs as much as if it had. */
    static boolean isConditionFailed(JsonNode error) {
        String type = error.path("__type").asText();
        return CONDITION_FAILED.stream().anyMatch(type::endsWith);
    }
}
