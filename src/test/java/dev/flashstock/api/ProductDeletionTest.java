package dev.flashstock.api;

import static dev.flashstock.api.Problems.assertProblem;
import static dev.flashstock.api.Shop.STALE;
import static dev.flashstock.api.Shop.adjust;
import static dev.flashstock.api.Shop.asAdmin;
import static dev.flashstock.api.Shop.get;
import static dev.flashstock.api.Shop.hold;
import static dev.flashstock.api.Shop.newProduct;
import static dev.flashstock.api.Shop.newProductWithStock;
import static dev.flashstock.api.Shop.newSku;
import static dev.flashstock.api.Shop.newUser;
import static dev.flashstock.api.Shop.productWith;
import static dev.flashstock.api.Shop.put;
import static dev.flashstock.api.Shop.release;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import org.junit.jupiter.api.Test;

@QuarkusTest
class ProductDeletionTest {
    @Test
    void anUnusedProductIsDeleted() {
        // Given
        String sku = newProduct();

        // When
        Response response = delete(sku);

        // Then
        assertThat(response.statusCode()).isEqualTo(204);
        assertThat(get(sku).statusCode()).isEqualTo(404);
    }

    @Test
    void aProductWhoseStockWentOutAgainIsDeleted() {
        // Given
        String sku = newProductWithStock(10);
        adjust(sku, -10);

        // When
        Response response = delete(sku);

        // Then
        assertThat(response.statusCode()).isEqualTo(204);
    }

    @Test
    void aProductWithStockIsKept() {
        // Given
        String sku = newProductWithStock(5);

        // When
        Response response = delete(sku);

        // Then
        assertProblem(response, 409, "product-in-use");
        assertThat(response.jsonPath().getLong("available")).isEqualTo(5);
        assertThat(response.jsonPath().getLong("reserved")).isZero();
        assertThat(get(sku).statusCode()).isEqualTo(200);
    }

    @Test
    void aProductWithAHoldIsKept() {
        // Given
        String sku = newProductWithStock(2);
        hold(newUser(), sku, 2);

        // When
        Response response = delete(sku);

        // Then
        assertProblem(response, 409, "product-in-use");
        assertThat(response.jsonPath().getLong("available")).isZero();
        assertThat(response.jsonPath().getLong("reserved")).isEqualTo(2);
    }

    @Test
    void aProductThatIsNotThereIsNotDeleted() {
        // When
        Response response = delete(newSku());

        // Then
        assertProblem(response, 404, "unknown-sku");
    }

    @Test
    void aRevisionThatTheWriterHasNotSeenIsNotDeleted() {
        // Given
        String sku = newProduct();

        // When
        Response response = asAdmin().header("If-Match", STALE).delete("/products/{sku}", sku);

        // Then
        assertProblem(response, 412, "precondition-failed");
        assertThat(get(sku).statusCode()).isEqualTo(200);
    }

    @Test
    void aDeletedProductCanBeCreatedAgainWithOtherShards() {
        // Given
        String sku = newProductWithStock(4, 4);
        String user = newUser();
        release(user, hold(user, sku, 1));
        adjust(sku, -4);
        delete(sku);

        // When
        Response response = put(sku, productWith("shards", 2));

        // Then
        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(Shop.shards(sku)).containsExactly(0, 0);
    }

    private static Response delete(String sku) {
        return asAdmin().delete("/products/{sku}", sku);
    }
}
