package dev.flashstock.api;

import static dev.flashstock.api.Problems.assertProblem;
import static dev.flashstock.api.Shop.anonymous;
import static dev.flashstock.api.Shop.as;
import static dev.flashstock.api.Shop.hold;
import static dev.flashstock.api.Shop.idOf;
import static dev.flashstock.api.Shop.newProductWithStock;
import static dev.flashstock.api.Shop.newUser;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("long")
@QuarkusTest
@TestProfile(TooManyStreamsTest.NoRoom.class)
class TooManyStreamsTest {
    /** For not a single stream. */
    public static class NoRoom implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("flashstock.events.max-streams", "0");
        }
    }

    @Test
    void whoFindsNoRoomIsToldSo() {
        // Given
        String user = newUser();
        String sku = newProductWithStock(1);
        String id = idOf(hold(user, sku, 1));

        // When
        Response ofStock = anonymous().accept("text/event-stream").get("/products/{sku}/stock/events", sku);
        Response ofReservation = as(user).accept("text/event-stream").get("/reservations/{id}/events", id);

        // Then
        assertProblem(ofStock, 503, "unavailable");
        assertProblem(ofReservation, 503, "unavailable");
    }
}
