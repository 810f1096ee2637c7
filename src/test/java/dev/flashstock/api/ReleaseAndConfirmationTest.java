package dev.flashstock.api;

import static dev.flashstock.api.Problems.assertProblem;
import static dev.flashstock.api.Shop.as;
import static dev.flashstock.api.Shop.available;
import static dev.flashstock.api.Shop.confirm;
import static dev.flashstock.api.Shop.hold;
import static dev.flashstock.api.Shop.newKey;
import static dev.flashstock.api.Shop.newProductWithStock;
import static dev.flashstock.api.Shop.newUser;
import static dev.flashstock.api.Shop.release;
import static dev.flashstock.api.Shop.reserve;
import static dev.flashstock.api.Shop.together;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
class ReleaseAndConfirmationTest {
    private final String user = newUser();

    @Inject
    Expiring expiring;

    // Release

    @Test
    void aReleaseGivesTheUnitsBack() {
        // Given
        String sku = newProductWithStock(10);
        String location = hold(user, sku, 3);

        // When
        Response response = release(user, location);

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.jsonPath().getString("status")).isEqualTo("RELEASED");
        assertThat(available(sku)).isEqualTo(10);
        assertThat(as(user).get(location).asString()).isEqualTo(response.asString());
    }

    @Test
    void aSecondReleaseChangesNothing() {
        // Given
        String sku = newProductWithStock(10);
        String location = hold(user, sku, 3);
        String first = release(user, location).asString();

        // When
        Response response = release(user, location);

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.asString()).isEqualTo(first);
        assertThat(available(sku)).isEqualTo(10);
    }

    @Test
    void releasesAtTheSameTimeGiveTheUnitsBackOnce() {
        // Given
        String sku = newProductWithStock(10);
        String location = hold(user, sku, 3);

        // When
        List<Response> responses = together(8, i -> release(user, location));

        // Then
        assertThat(responses).extracting(Response::statusCode).containsOnly(200);
        assertThat(available(sku)).isEqualTo(10);
    }

    @Test
    void releasedUnitsAreSoldAgain() {
        // Given
        String sku = newProductWithStock(3);
        release(user, hold(user, sku, 3));

        // When
        Response response = reserve(newUser(), sku, 3);

        // Then
        assertThat(response.statusCode()).isEqualTo(201);
    }

    @Test
    void aReleasedReservationIsNotHeldAgainByARetry() {
        // Given
        String sku = newProductWithStock(10);
        String key = newKey();
        release(user, reserve(user, sku, key, 3).header("Location"));

        // When
        Response response = reserve(user, sku, key, 3);

        // Then
        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(response.jsonPath().getString("type")).isEqualTo("https://flashstock.dev/problems/wrong-state");
        assertThat(response.jsonPath().getString("reservationStatus")).isEqualTo("RELEASED");
        assertThat(available(sku)).isEqualTo(10);
    }

    // Confirmation

    @Test
    void aConfirmedHoldIsSold() {
        // Given
        String sku = newProductWithStock(10);
        String location = hold(user, sku, 3);

        // When
        Response response = confirm(user, location);

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.jsonPath().getString("status")).isEqualTo("CONFIRMED");
        assertThat(as(user).get(location).asString()).isEqualTo(response.asString());
        assertThat(available(sku)).isEqualTo(7);
    }

    @Test
    void aSecondConfirmationChangesNothing() {
        // Given
        String sku = newProductWithStock(10);
        String location = hold(user, sku, 3);
        String first = confirm(user, location).asString();

        // When
        Response response = confirm(user, location);

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.asString()).isEqualTo(first);
        assertThat(available(sku)).isEqualTo(7);
    }

    @Test
    void whatIsSoldIsNotReleased() {
        // Given
        String sku = newProductWithStock(10);
        String location = hold(user, sku, 3);
        confirm(user, location);

        // When
        Response response = release(user, location);

        // Then
        assertProblem(response, 409, "wrong-state");
        assertThat(response.jsonPath().getString("reservationStatus")).isEqualTo("CONFIRMED");
        assertThat(available(sku)).isEqualTo(7);
    }

    @Test
    void whatIsReleasedIsNotConfirmed() {
        // Given
        String sku = newProductWithStock(10);
        String location = hold(user, sku, 3);
        release(user, location);

        // When
        Response response = confirm(user, location);

        // Then
        assertProblem(response, 409, "wrong-state");
        assertThat(response.jsonPath().getString("reservationStatus")).isEqualTo("RELEASED");
        assertThat(available(sku)).isEqualTo(10);
    }

    @Test
    void whatHasExpiredIsNotConfirmed() {
        // Given
        String sku = newProductWithStock(10);
        String location = hold(user, sku, 3);
        expiring.expire(user, location);

        // When
        Response response = confirm(user, location);

        // Then
        assertProblem(response, 409, "wrong-state");
        assertThat(response.jsonPath().getString("reservationStatus")).isEqualTo("EXPIRED");
        assertThat(available(sku)).isEqualTo(10);
    }

    @Test
    void whatHasExpiredIsReleasedAlready() {
        // Given
        String sku = newProductWithStock(10);
        String location = hold(user, sku, 3);
        expiring.expire(user, location);

        // When
        Response response = release(user, location);

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.jsonPath().getString("status")).isEqualTo("EXPIRED");
        assertThat(available(sku)).isEqualTo(10);
    }

    @Test
    void ofReleaseAndConfirmationAtTheSameTimeOneWins() {
        // Given
        String sku = newProductWithStock(10);
        String location = hold(user, sku, 3);

        // When
        List<Response> responses = together(8, i -> i % 2 == 0 ? release(user, location) : confirm(user, location));

        // Then
        String winner = as(user).get(location).jsonPath().getString("status");
        assertThat(winner).isIn("RELEASED", "CONFIRMED");
        assertThat(responses)
                .filteredOn(it -> it.statusCode() == 200)
                .hasSize(4)
                .extracting(it -> it.jsonPath().getString("status"))
                .containsOnly(winner);
        assertThat(available(sku)).isEqualTo("RELEASED".equals(winner) ? 10 : 7);
    }
}
