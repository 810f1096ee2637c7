package dev.flashstock.api;

import static dev.flashstock.api.Problems.assertProblem;
import static dev.flashstock.api.Shop.available;
import static dev.flashstock.api.Shop.enqueue;
import static dev.flashstock.api.Shop.newKey;
import static dev.flashstock.api.Shop.newProduct;
import static dev.flashstock.api.Shop.newProductWithStock;
import static dev.flashstock.api.Shop.newUser;
import static dev.flashstock.api.Shop.productWith;
import static dev.flashstock.api.Shop.put;
import static dev.flashstock.api.Shop.reserve;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
class NotOnSaleTest {
    private final String user = newUser();

    @ParameterizedTest
    @CsvSource({"DRAFT, true", "PAUSED, true", "ENDED, true", "PAUSED, false"})
    void aProductOfAnotherStatusIsNotSold(String status, boolean waits) {
        // Given
        String sku = newProduct(productWith("status", status));
        Shop.adjust(sku, 10);

        // When
        Response response = ask(sku, waits);

        // Then
        assertProblem(response, 409, "not-on-sale");
        assertThat(response.jsonPath().getString("productStatus")).isEqualTo(status);
        assertThat(available(sku)).isEqualTo(10);
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void nothingIsSoldBeforeTheSale(boolean waits) {
        // Given
        String startsAt = Instant.now()
                .plus(1, ChronoUnit.HOURS)
                .truncatedTo(ChronoUnit.SECONDS)
                .toString();
        String sku = newProduct(productWith("startsAt", startsAt));
        Shop.adjust(sku, 10);

        // When
        Response response = ask(sku, waits);

        // Then
        assertProblem(response, 409, "sale-not-started");
        assertThat(response.jsonPath().getString("startsAt")).isEqualTo(startsAt);
        assertThat(available(sku)).isEqualTo(10);
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void nothingIsSoldAfterTheSale(boolean waits) {
        // Given
        String endsAt = Instant.now()
                .minus(1, ChronoUnit.SECONDS)
                .truncatedTo(ChronoUnit.SECONDS)
                .toString();
        String sku = newProduct(productWith("endsAt", endsAt));
        Shop.adjust(sku, 10);

        // When
        Response response = ask(sku, waits);

        // Then
        assertProblem(response, 409, "sale-ended");
        assertThat(response.jsonPath().getString("endsAt")).isEqualTo(endsAt);
        assertThat(available(sku)).isEqualTo(10);
    }

    @Test
    void insideItsWindowAProductIsSold() {
        // Given
        Map<String, Object> product =
                productWith("startsAt", Instant.now().minusSeconds(60).toString());
        product.put("endsAt", Instant.now().plusSeconds(600).toString());
        String sku = newProduct(product);
        Shop.adjust(sku, 10);

        // When
        Response response = ask(sku, true);

        // Then
        assertThat(response.statusCode()).isEqualTo(201);
    }

    @ParameterizedTest
    @CsvSource({"status, ENDED", "endsAt, 2026-01-01T00:00:00Z"})
    void aRetryFindsItsHoldAfterTheSale(String field, String value) {
        // Given
        String sku = newProductWithStock(10);
        String key = newKey();
        String first = reserve(user, sku, key, 3).asString();
        put(sku, productWith(field, value));

        // When
        Response retry = reserve(user, sku, key, 3);

        // Then
        assertThat(retry.statusCode()).isEqualTo(201);
        assertThat(retry.asString()).isEqualTo(first);
    }

    private Response ask(String sku, boolean waits) {
        return waits ? reserve(user, sku, 1) : enqueue(user, sku, newKey(), 1);
    }
}
