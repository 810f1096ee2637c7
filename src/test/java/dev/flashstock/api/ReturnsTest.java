package dev.flashstock.api;

import static dev.flashstock.api.Problems.assertInvalid;
import static dev.flashstock.api.Problems.assertProblem;
import static dev.flashstock.api.Shop.as;
import static dev.flashstock.api.Shop.asAdmin;
import static dev.flashstock.api.Shop.available;
import static dev.flashstock.api.Shop.buy;
import static dev.flashstock.api.Shop.hold;
import static dev.flashstock.api.Shop.idOf;
import static dev.flashstock.api.Shop.newKey;
import static dev.flashstock.api.Shop.newProductWithStock;
import static dev.flashstock.api.Shop.newUser;
import static dev.flashstock.api.Shop.release;
import static dev.flashstock.api.Shop.reserve;
import static dev.flashstock.api.Shop.takeBack;
import static dev.flashstock.api.Shop.together;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sold units come back. */
@QuarkusTest
class ReturnsTest {
    private final String user = newUser();
    private String sku;

    @Inject
    Expiring expiring;

    @BeforeEach
    void stockAProduct() {
        sku = newProductWithStock(10, 3);
    }

    @Test
    void whatComesBackIsInStockAgain() {
        // Given
        String location = buy(user, sku, 3);

        // When
        Response response = takeBack(sku, 2, user, location);

        // Then
        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.jsonPath().<String, Object>getMap(""))
                .containsEntry("sku", sku)
                .containsEntry("delta", 2)
                .containsEntry("reason", "RETURN")
                .containsEntry("user", user)
                .containsEntry("reservation", idOf(location));
        assertThat(available(sku)).isEqualTo(9);
    }

    @Test
    void theReservationShowsHowManyHaveComeBack() {
        // Given
        String location = buy(user, sku, 3);
        Response before = as(user).get(location);
        takeBack(sku, 1, user, location);
        takeBack(sku, 1, user, location);

        // When
        Response response = as(user).get(location);

        // Then
        assertThat(before.asString()).doesNotContain("returned");
        assertThat(response.jsonPath().getInt("returned")).isEqualTo(2);
        assertThat(response.jsonPath().getString("status")).isEqualTo("CONFIRMED");
        assertThat(response.jsonPath().getInt("quantity")).isEqualTo(3);
    }

    @Test
    void whatHasComeBackIsSoldAgain() {
        // Given
        String location = buy(user, sku, 10);
        takeBack(sku, 10, user, location);

        // When
        Response response = reserve(newUser(), sku, 10);

        // Then
        assertThat(response.statusCode()).isEqualTo(201);
    }

    @Test
    void moreThanWasSoldDoesNotComeBack() {
        // Given
        String location = buy(user, sku, 3);
        takeBack(sku, 1, user, location);

        // When
        Response response = takeBack(sku, 3, user, location);

        // Then
        assertProblem(response, 409, "more-than-sold");
        assertThat(response.jsonPath().getInt("returnable")).isEqualTo(2);
        assertThat(available(sku)).isEqualTo(8);
        assertThat(as(user).get(location).jsonPath().getInt("returned")).isEqualTo(1);
    }

    @Test
    void atTheSameTimeNoMoreComesBackThanWasSold() {
        // Given
        String location = buy(user, sku, 3);

        // When
        List<Response> responses = together(8, i -> takeBack(sku, 1, user, location));

        // Then
        assertThat(responses).filteredOn(it -> it.statusCode() == 201).hasSize(3);
        assertThat(responses)
                .filteredOn(it -> it.statusCode() != 201)
                .allSatisfy(it -> assertProblem(it, 409, "more-than-sold"));
        assertThat(available(sku)).isEqualTo(10);
        assertThat(as(user).get(location).jsonPath().getInt("returned")).isEqualTo(3);
    }

    @Test
    void duplicatesAtTheSameTimeAreOneReturn() {
        // Given
        String location = buy(user, sku, 3);
        String key = newKey();

        // When
        List<Response> responses = together(8, i -> takeBack(sku, key, 3, user, location));

        // Then
        assertThat(responses).extracting(Response::statusCode).containsOnly(201);
        assertThat(responses)
                .extracting(Response::asString)
                .containsOnly(responses.get(0).asString());
        assertThat(available(sku)).isEqualTo(10);
        assertThat(as(user).get(location).jsonPath().getInt("returned")).isEqualTo(3);
    }

    @Test
    void aKeyIsNotTakenForAReturnInAnotherReservation() {
        // Given
        String key = newKey();
        takeBack(sku, key, 1, user, buy(user, sku, 1));
        String other = buy(user, sku, 1);

        // When
        Response response = takeBack(sku, key, 1, user, other);

        // Then
        assertProblem(response, 422, "key-reused");
        assertThat(as(user).get(other).asString()).doesNotContain("returned");
    }

    @Test
    void whatIsHeldDoesNotComeBack() {
        // Given
        String location = hold(user, sku, 3);

        // When
        Response response = takeBack(sku, 1, user, location);

        // Then
        assertNotSold(response, "HELD");
        assertThat(available(sku)).isEqualTo(7);
    }

    @Test
    void whatWasReleasedOrHasExpiredDoesNotComeBackAgain() {
        // Given
        String released = hold(user, sku, 1);
        String expired = hold(user, sku, 1);
        release(user, released);
        expiring.expire(user, expired);

        // When
        Response ofReleased = takeBack(sku, 1, user, released);
        Response ofExpired = takeBack(sku, 1, user, expired);

        // Then
        assertNotSold(ofReleased, "RELEASED");
        assertNotSold(ofExpired, "EXPIRED");
        assertThat(available(sku)).isEqualTo(10);
    }

    private static void assertNotSold(Response response, String status) {
        assertProblem(response, 409, "wrong-state");
        assertThat(response.jsonPath().getString("reservationStatus")).isEqualTo(status);
    }

    @Test
    void anotherUsersReservationIsNotThere() {
        // Given
        String location = buy(user, sku, 3);

        // When
        Response response = takeBack(sku, 1, newUser(), location);

        // Then
        assertProblem(response, 404, "unknown-reservation");
        assertThat(available(sku)).isEqualTo(7);
    }

    @Test
    void aReservationOfAnotherProductIsNotThere() {
        // Given
        String location = buy(user, newProductWithStock(3), 3);

        // When
        Response response = takeBack(sku, 1, user, location);

        // Then
        assertProblem(response, 404, "unknown-reservation");
        assertThat(available(sku)).isEqualTo(10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "foo", "a.b.c", "console.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAA"})
    void aMadeUpReservationIsNotThere(String id) {
        // When
        Response response = takeBack(sku, 1, user, "/reservations/" + id);

        // Then
        assertProblem(response, 404, "unknown-reservation");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"delta\":1,\"reason\":\"RETURN\",\"reservation\":\"a.b\"} | user | Required",
                "{\"delta\":1,\"reason\":\"RETURN\",\"user\":\"alice\"} | reservation | Required",
                "{\"delta\":1,\"reason\":\"RETURN\",\"user\":\"\",\"reservation\":\"a.b\"} | user | Shape",
                "{\"delta\":1,\"reason\":\"RETURN\",\"user\":\"a\\tb\",\"reservation\":\"a.b\"} | user | Shape",
                "{\"delta\":1,\"reason\":\"RETURN\",\"user\":1,\"reservation\":\"a.b\"} | user | Type",
                "{\"delta\":-1,\"reason\":\"RETURN\",\"user\":\"alice\",\"reservation\":\"a.b\"} | delta | Positive",
                "{\"delta\":0,\"reason\":\"RETURN\",\"user\":\"alice\",\"reservation\":\"a.b\"} | delta | NotZero",
                "{\"delta\":1,\"reason\":\"DELIVERY\",\"user\":\"alice\"} | user | ReturnOnly",
                "{\"delta\":1,\"reason\":\"CORRECTION\",\"reservation\":\"a.b\"} | reservation | ReturnOnly"
            })
    void aReturnThatBreaksARuleIsRefused(String body, String field, String rule) {
        // When
        Response response =
                asAdmin().header("Idempotency-Key", newKey()).body(body).post("/products/{sku}/adjustments", sku);

        // Then
        assertInvalid(response, field, rule);
        assertThat(available(sku)).isEqualTo(10);
    }

    @Test
    void anotherAdjustmentShowsNoReservation() {
        // When
        Response response = asAdmin()
                .header("Idempotency-Key", newKey())
                .body(Map.of("delta", 1, "reason", "DELIVERY"))
                .post("/products/{sku}/adjustments", sku);

        // Then
        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.jsonPath().<String, Object>getMap("")).doesNotContainKeys("user", "reservation");
    }
}
