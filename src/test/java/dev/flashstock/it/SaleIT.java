package dev.flashstock.it;

import static dev.flashstock.it.EmbeddedBackends.token;
import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.is;

import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusIntegrationTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The packaged application, as in production: tokens, no embedded backend of its own. */
@QuarkusIntegrationTest
@WithTestResource(EmbeddedBackends.class)
class SaleIT {
    private final String sku = "console-" + UUID.randomUUID();

    @Test
    void it_is_ready_when_the_table_and_the_queue_answer() {
        given().get("/q/health/ready")
                .then()
                .statusCode(200)
                .body("status", equalTo("UP"))
                .body("checks.name", hasItems("table", "queue"));
    }

    @Test
    void a_product_is_sold_through_the_queue_and_confirmed_by_the_storefront() {
        // Given
        stockUp(1);

        // When
        String location = reserve("alice", null).statusCode(202).extract().header("Location");
        await().atMost(Duration.ofSeconds(30))
                .until(() -> status(location, "alice").equals("HELD"));
        as("storefront", "service")
                .header("X-User", "alice")
                .post(location + "/confirmation")
                .then()
                .statusCode(200)
                .body("status", is("CONFIRMED"));

        // Then
        reserve("bob", "wait=5")
                .statusCode(409)
                .contentType("application/problem+json")
                .body("type", is("https://flashstock.dev/problems/sold-out"))
                .body("available", is(0));
    }

    @Test
    void x_user_alone_is_nobody() {
        given().header("X-User", "admin")
                .contentType(ContentType.JSON)
                .body("{\"name\":\"n\",\"priceMinor\":1,\"currency\":\"EUR\",\"status\":\"ON_SALE\"}")
                .put("/products/" + sku)
                .then()
                .statusCode(401)
                .contentType("application/problem+json");
    }

    @Test
    void a_shopper_does_not_confirm() {
        // Given
        stockUp(1);
        String location = reserve("alice", "wait=5").statusCode(201).extract().header("Location");

        // When, Then
        as("alice", "shopper").post(location + "/confirmation").then().statusCode(403);
    }

    private void stockUp(int units) {
        as("boss", "admin")
                .body("{\"name\":\"n\",\"priceMinor\":1,\"currency\":\"EUR\",\"status\":\"ON_SALE\"}")
                .put("/products/" + sku)
                .then()
                .statusCode(201);
        as("boss", "admin")
                .header("Idempotency-Key", "delivery")
                .body("{\"delta\":" + units + ",\"reason\":\"DELIVERY\"}")
                .post("/products/" + sku + "/adjustments")
                .then()
                .statusCode(201);
    }

    private ValidatableResponse reserve(String user, String prefer) {
        RequestSpecification request = as(user, "shopper").header("Idempotency-Key", "cart-1");
        return (prefer == null ? request : request.header("Prefer", prefer))
                .body("{\"quantity\":1}")
                .post("/products/" + sku + "/reservations")
                .then();
    }

    private static String status(String location, String user) {
        return as(user, "shopper").get(location).then().extract().path("status");
    }

    private static RequestSpecification as(String user, String role) {
        return given().auth().oauth2(token(user, role)).contentType(ContentType.JSON);
    }
}
