package dev.flashstock.api;

import static dev.flashstock.api.Problems.assertInvalid;
import static dev.flashstock.api.Problems.assertProblem;
import static dev.flashstock.api.Shop.as;
import static dev.flashstock.api.Shop.asOperator;
import static dev.flashstock.api.Shop.newProductWithStock;
import static dev.flashstock.api.Shop.newSku;
import static dev.flashstock.api.Shop.newUser;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
class PreflightTest {
    @Test
    void aSaleOnTooFewShardsFails() {
        // Given
        String sku = newProductWithStock(700, 1);

        // When
        Response response = preflight(sku, "8000", "2099-11-27T09:00:00Z");

        // Then
        response.then()
                .statusCode(200)
                .body("sku", equalTo(sku))
                .body("peak", equalTo(8_000))
                .body("startsAt", equalTo("2099-11-27T09:00:00Z"))
                .body("status", equalTo("fail"))
                .body("checks.find { it.name == 'layout' }.status", equalTo("fail"))
                .body(
                        "checks.find { it.name == 'layout' }.remedy",
                        containsString("20 shards: PUT /products/" + sku + "/layout"))
                .body("checks.find { it.name == 'stock' }.says", equalTo("700 units in stock."))
                .body("checks.find { it.name == 'queue' }.status", equalTo("pass"))
                .body("checks.find { it.name == 'redis' }.status", equalTo("pass"))
                .body("checks.find { it.name == 'table-status' }.status", equalTo("pass"))
                .body("checks.find { it.name == 'quota' }.status", equalTo("pass"));
    }

    @Test
    void aSmallSaleIsReady() {
        // Given
        String sku = newProductWithStock(10, 10);

        // When
        Response response = preflight(sku, "50", "2099-11-27T09:00:00Z");

        // Then
        response.then()
                .statusCode(200)
                .body("checks.findAll { it.status == 'fail' }.name", equalTo(List.of()))
                .body("status", equalTo("warn")); // it can be bought before, and DynamoDB Local is not warm
    }

    @Test
    void whoeverIsNoOperatorIsForbidden() {
        assertProblem(as(newUser()).get("/preflight?sku=console&peak=1"), 403, "forbidden");
    }

    @Test
    void anUnknownProductIsAProblem() {
        assertProblem(preflight(newSku(), "1", "2099-11-27T09:00:00Z"), 404, "unknown-sku");
    }

    @ParameterizedTest
    @CsvSource({
        "peak=1,sku,Required",
        "sku=console,peak,Required",
        "sku=console&peak=0,peak,Range",
        "sku=console&peak=200001,peak,Range",
        "sku=console&peak=many,peak,Range",
        "sku=console&peak=1&startsAt=tomorrow,startsAt,Type",
        "sku=a%20b&peak=1,sku,Shape",
    })
    void whatCannotBeReadIsRefused(String query, String field, String rule) {
        assertInvalid(asOperator().urlEncodingEnabled(false).get("/preflight?" + query), field, rule);
    }

    private static Response preflight(String sku, String peak, String startsAt) {
        return asOperator()
                .queryParam("sku", sku)
                .queryParam("peak", peak)
                .queryParam("startsAt", startsAt)
                .get("/preflight");
    }
}
