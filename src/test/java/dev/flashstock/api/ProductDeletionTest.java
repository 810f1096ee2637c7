package dev.flashstock.api;

import static dev.flashstock.api.Problems.assertProblem;
import static dev.flashstock.api.Shop.STALE;
import static dev.flashstock.api.Shop.adjust;
import static dev.flashstock.api.Shop.asAdmin;
import static dev.flashstock.api.Shop.confirm;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class ProductDeletionTest {
    @Test
    void aProductWhoseSaleHasEndedIsDeleted() {
        // Given
        String sku = newProduct();
        end(sku);

        // When
        Response response = delete(sku);

        // Then
        assertThat(response.statusCode()).isEqualTo(204);
        assertThat(get(sku).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"DRAFT", "ON_SALE", "PAUSED"})
    void aProductWhoseSaleHasNotEndedIsKept(String status) {
        // Given
        String sku = newProduct(productWith("status", status));

        // When
        Response response = delete(sku);

        // Then
        assertProblem(response, 409, "not-ended");
        assertThat(response.jsonPath().getString("productStatus")).isEqualTo(status);
        assertThat(get(sku).statusCode()).isEqualTo(200);
    }

    @Test
    void unitsInStockOrSoldDoNotKeepAProduct() {
        // Given
        String sku = newProductWithStock(5);
        String user = newUser();
        confirm(user, hold(user, sku, 2)).then().statusCode(200);
        end(sku);

        // When
        Response response = delete(sku);

        // Then
        assertThat(response.statusCode()).isEqualTo(204);
        assertProblem(adjust(sku, 1), 404, "unknown-sku");
    }

    @Test
    void aProductWithAHoldIsKept() {
        // Given
        String sku = newProductWithStock(2);
        String user = newUser();
        String location = hold(user, sku, 2);
        end(sku);

        // When
        Response response = delete(sku);
        release(user, location);
        Response afterwards = delete(sku);

        // Then
        assertProblem(response, 409, "product-in-use");
        assertThat(response.jsonPath().getLong("held")).isEqualTo(2);
        assertThat(afterwards.statusCode()).isEqualTo(204);
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
    void aDeletedProductThatIsPutAgainHasTheStockAndTheBooksThatItHad() {
        // Given
        String sku = newProductWithStock(8, 4);
        String user = newUser();
        confirm(user, hold(user, sku, 1)).then().statusCode(200);
        end(sku);
        delete(sku);

        // When
        Response response = put(sku, productWith("shards", 2));

        // Then
        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.jsonPath().getInt("shards")).isEqualTo(4);
        assertThat(Shop.shards(sku)).hasSize(4);
        assertThat(Shop.available(sku)).isEqualTo(7);
        assertThat(adjust(sku, 1).statusCode()).isEqualTo(201);
        Response audit = asAdmin().get("/products/{sku}/audit", sku);
        assertThat(audit.jsonPath().getInt("stocked")).isEqualTo(9);
        assertThat(audit.jsonPath().getInt("confirmed")).isEqualTo(1);
        assertThat(audit.jsonPath().getInt("difference")).isZero();
    }

    private static void end(String sku) {
        put(sku, productWith("status", "ENDED")).then().statusCode(200);
    }

    private static Response delete(String sku) {
        return asAdmin().delete("/products/{sku}", sku);
    }
}
