package dev.flashstock.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flashstock.it.Purchase.Ending;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A reckoning finds what it is there to find. */
class ReckoningTest {
    private static final String SKU = "console";
    private static final String ID = "console.Zk3x0q9Hh2Yw8tRu";
    private static final int UNITS = 10;

    private final Instance instance = new Instance("any", Map.of());
    private final Purchase purchase = new Purchase(SKU, "alice", 2);
    private final List<Map<String, AttributeValue>> items = new ArrayList<>();

    @Test
    void what_is_as_it_was_told_does_not_differ() {
        // Given
        told(202, "");
        stored(8, ID, "HELD");

        // When, Then
        assertThat(differences()).isEmpty();
    }

    @Test
    void a_missing_unit_differs() {
        // Given
        told(201, "");
        stored(7, ID, "HELD");

        // When, Then
        assertThat(differences()).singleElement().asString().contains("lost units");
    }

    @Test
    void a_unit_too_many_differs() {
        // Given
        told(201, "");
        stored(-1, ID, "HELD");

        // When, Then
        assertThat(differences()).anyMatch(it -> it.startsWith("A shard is below zero"));
    }

    @Test
    void what_was_accepted_and_is_not_there_differs() {
        // Given
        told(202, "");
        stored(UNITS);

        // When, Then
        assertThat(differences()).singleElement().asString().startsWith("Accepted, and there is nothing: alice");
    }

    @Test
    void a_refusal_after_a_hold_differs() {
        // Given
        told(201, "");
        told(409, "sold-out");
        stored(8, ID, "HELD");

        // When, Then
        assertThat(differences()).singleElement().asString().startsWith("Refused after it was held");
    }

    @Test
    void a_hold_of_whom_was_only_refused_differs() {
        // Given
        told(409, "sold-out");
        stored(8, ID, "HELD");

        // When, Then
        assertThat(differences()).singleElement().asString().startsWith("Is HELD and should be in [REJECTED]");
    }

    @Test
    void a_rejection_of_whom_was_told_that_it_is_held_differs() {
        // Given
        told(201, "");
        stored(0, ID, "REJECTED");

        // When, Then
        assertThat(differences()).anyMatch(it -> it.startsWith("Is REJECTED and should be in [HELD]"));
    }

    @Test
    void a_second_reservation_of_one_key_differs() {
        // Given
        told(201, "");
        stored(6, ID, "HELD");
        reservation(ID + "x", "HELD");

        // When, Then
        assertThat(differences()).singleElement().asString().startsWith("One key, several reservations");
    }

    @Test
    void a_hold_that_was_given_back_and_is_there_differs() {
        // Given
        told(201, "");
        purchase.ends(Ending.RELEASE);
        purchase.ended(answer(200, "status", "RELEASED"));
        stored(8, ID, "HELD");

        // When, Then
        assertThat(differences()).singleElement().asString().startsWith("Is HELD and should be in [RELEASED]");
    }

    @Test
    void a_rejection_while_units_were_left_differs() {
        // Given
        told(409, "sold-out");
        stored(UNITS, ID, "REJECTED");

        // When, Then
        assertThat(differences()).singleElement().asString().startsWith("Rejected although 10 units");
    }

    @Test
    void a_server_error_differs() {
        // Given
        told(500, "internal-error");
        stored(UNITS);

        // When, Then
        assertThat(differences()).singleElement().asString().startsWith("An answer that nothing asked for");
    }

    private List<String> differences() {
        return Reckoning.differences(items, Map.of(SKU, UNITS), List.of(purchase));
    }

    private void told(int status, String problem) {
        purchase.was(answer(status, "type", "https://flashstock.dev/problems/" + problem));
    }

    private Answer answer(int status, String field, String text) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put(field, text);
        String location = status == 201 || status == 202 ? "/reservations/" + ID + ".seal" : "";
        return new Answer(instance, "DIRECT", status, location, body, System.nanoTime());
    }

    private void stored(long available) {
        item("ADJUSTMENT#" + SKU, "delivery", Map.of("delta", AttributeValue.fromN("" + UNITS)));
        item("STOCK#" + SKU + "#0", "STOCK", Map.of("available", AttributeValue.fromN("" + available)));
    }

    private void stored(long available, String id, String status) {
        stored(available);
        reservation(id, status);
    }

    private void reservation(String id, String status) {
        item(
                "USER#alice",
                "RESERVATION#" + id,
                Map.of("status", AttributeValue.fromS(status), "quantity", AttributeValue.fromN("2")));
    }

    private void item(String partition, String sort, Map<String, AttributeValue> attributes) {
        Map<String, AttributeValue> item = new HashMap<>(attributes);
        item.put("PK", AttributeValue.fromS(partition));
        item.put("SK", AttributeValue.fromS(sort));
        items.add(item);
    }
}
