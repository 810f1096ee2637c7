package dev.flashstock.api;

import static dev.flashstock.api.Problems.assertProblem;
import static dev.flashstock.api.Shop.as;
import static dev.flashstock.api.Shop.asking;
import static dev.flashstock.api.Shop.available;
import static dev.flashstock.api.Shop.newKey;
import static dev.flashstock.api.Shop.newProduct;
import static dev.flashstock.api.Shop.newProductWithStock;
import static dev.flashstock.api.Shop.newSku;
import static dev.flashstock.api.Shop.newUser;
import static dev.flashstock.api.Shop.productWith;
import static dev.flashstock.api.Shop.reserve;
import static dev.flashstock.api.Shop.together;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The direct path: whoever waits gets the outcome. */
@QuarkusTest
class WaitingReservationsTest {
    private final String user = newUser();

    @Test
    void whoWaitsHoldsTheUnits() {
        // Given
        String sku = newProductWithStock(10);

        // When
        Response response = reserve(user, sku, 3);

        // Then
        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.header("Location"))
                .isEqualTo("/reservations/" + response.jsonPath().getString("id"));
        assertThat(response.header("Preference-Applied")).isEqualTo("wait=10");
        assertThat(response.jsonPath().<String, Object>getMap(""))
                .containsEntry("sku", sku)
                .containsEntry("quantity", 3)
                .containsEntry("user", user)
                .containsEntry("status", "HELD");
        assertThat(available(sku)).isEqualTo(7);
    }

    @Test
    void unitsAreHeldForTheProductsHoldTime() {
        // Given
        String sku = newProduct(productWith("holdSeconds", 90));
        Shop.adjust(sku, 1);

        // When
        Response response = reserve(user, sku, 1);

        // Then
        assertThat(instant(response, "expiresAt"))
                .isCloseTo(instant(response, "createdAt").plusSeconds(90), within(10, ChronoUnit.SECONDS));
    }

    @Test
    void aHoldIsFoundAtItsLocation() {
        // Given
        Response held = reserve(user, newProductWithStock(10), 3);

        // When
        Response response = as(user).get(held.header("Location"));

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.asString()).isEqualTo(held.asString());
    }

    @ParameterizedTest
    @CsvSource({"wait=2, wait=2", "wait=100, wait=10", "'foo=1, wait=\"3\"', wait=3"})
    void theWaitThatIsHonouredIsTold(String prefer, String applied) {
        // Given
        String sku = newProductWithStock(1);

        // When
        Response response =
                asking(user, newKey(), 1).header("Prefer", prefer).post("/products/{sku}/reservations", sku);

        // Then
        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.header("Preference-Applied")).isEqualTo(applied);
    }

    @Test
    void aRetryFindsItsHold() {
        // Given
        String sku = newProductWithStock(10);
        String key = newKey();
        String first = reserve(user, sku, key, 3).asString();

        // When
        Response retry = reserve(user, sku, key, 3);

        // Then
        assertThat(retry.statusCode()).isEqualTo(201);
        assertThat(retry.asString()).isEqualTo(first);
        assertThat(available(sku)).isEqualTo(7);
    }

    @Test
    void retriesAtTheSameTimeGetOneHold() {
        // Given
        String sku = newProductWithStock(10);
        String key = newKey();

        // When
        List<Response> responses = together(8, i -> reserve(user, sku, key, 3));

        // Then
        assertThat(responses).extracting(Response::statusCode).containsOnly(201);
        assertThat(responses)
                .extracting(Response::asString)
                .containsOnly(responses.get(0).asString());
        assertThat(available(sku)).isEqualTo(7);
    }

    @Test
    void aKeyIsNotTakenForAnotherQuantity() {
        // Given
        String sku = newProductWithStock(10);
        String key = newKey();
        reserve(user, sku, key, 3);

        // When
        Response response = reserve(user, sku, key, 4);

        // Then
        assertProblem(response, 422, "key-reused");
        assertThat(available(sku)).isEqualTo(7);
    }

    @Test
    void theSameKeyMeansSomethingElseForAnotherUser() {
        // Given
        String sku = newProductWithStock(10);
        String key = newKey();
        reserve(newUser(), sku, key, 3);

        // When
        Response response = reserve(user, sku, key, 4);

        // Then
        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(available(sku)).isEqualTo(3);
    }

    @Test
    void anUnknownProductIsNotReserved() {
        // When
        Response response = reserve(user, newSku(), 1);

        // Then
        assertProblem(response, 404, "unknown-sku");
    }

    private static Instant instant(Response response, String field) {
        return Instant.parse(response.jsonPath().getString(field));
    }
}
