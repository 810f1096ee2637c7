package dev.flashstock.api;

import static dev.flashstock.api.Problems.assertProblem;
import static dev.flashstock.api.Shop.available;
import static dev.flashstock.api.Shop.hold;
import static dev.flashstock.api.Shop.newKey;
import static dev.flashstock.api.Shop.newProduct;
import static dev.flashstock.api.Shop.newProductWithStock;
import static dev.flashstock.api.Shop.newUser;
import static dev.flashstock.api.Shop.release;
import static dev.flashstock.api.Shop.reserve;
import static dev.flashstock.api.Shop.shards;
import static dev.flashstock.api.Shop.together;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
class LastUnitsTest {
    private final String user = newUser();

    @Test
    void moreThanIsLeftIsSoldOut() {
        // Given
        String sku = newProductWithStock(5);

        // When
        Response response = reserve(user, sku, 6);

        // Then
        assertProblem(response, 409, "sold-out");
        assertThat(response.jsonPath().getLong("available")).isEqualTo(5);
        assertThat(available(sku)).isEqualTo(5);
    }

    @Test
    void aRetryOfWhatWasSoldOutIsSoldOut() {
        // Given
        String sku = newProduct();
        String key = newKey();
        reserve(user, sku, key, 1);

        // When
        Response response = reserve(user, sku, key, 1);

        // Then
        assertProblem(response, 409, "sold-out");
        assertThat(response.jsonPath().getLong("available")).isZero();
    }

    @Test
    void aQuantityThatNoShardHasIsServedFromSeveral() {
        // Given
        String sku = newProductWithStock(30, 10);

        // When
        Response response = reserve(user, sku, 25);

        // Then
        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.jsonPath().getInt("quantity")).isEqualTo(25);
        assertThat(shards(sku)).allMatch(units -> units >= 0 && units <= 3);
        assertThat(available(sku)).isEqualTo(5);
    }

    @Test
    void aHoldFromSeveralShardsIsGivenBackWhole() {
        // Given
        String sku = newProductWithStock(30, 10);
        String location = hold(user, sku, 25);

        // When
        release(user, location);

        // Then
        assertThat(available(sku)).isEqualTo(30);
    }

    @Test
    void theOnlyUnitIsFoundOnWhicheverShardItIs() {
        // Given
        String sku = newProductWithStock(1, 100);

        // When
        Response response = reserve(user, sku, 1);

        // Then
        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(shards(sku)).isEqualTo(Collections.nCopies(100, 0));
    }

    @Test
    void aCrowdBuysExactlyWhatThereIs() {
        // Given
        String sku = newProductWithStock(40);

        // When
        List<Response> responses = together(44, i -> reserve(newUser(), sku, 1));

        // Then
        assertThat(responses)
                .extracting(Response::statusCode)
                .containsOnly(201, 409)
                .satisfies(statuses ->
                        assertThat(Collections.frequency(statuses, 201)).isEqualTo(40));
        assertThat(responses)
                .filteredOn(it -> it.statusCode() == 409)
                .allSatisfy(it -> assertProblem(it, 409, "sold-out"));
        assertThat(shards(sku)).isEqualTo(Collections.nCopies(10, 0));
    }

    @Test
    void aCrowdOfExactlyTheStockIsServedToTheLastUnit() {
        // Given
        String sku = newProductWithStock(40);

        // When
        List<Response> responses = together(40, i -> reserve(newUser(), sku, 1));

        // Then
        assertThat(responses).extracting(Response::statusCode).containsOnly(201);
        assertThat(available(sku)).isZero();
        assertProblem(reserve(user, sku, 1), 409, "sold-out");
    }
}
