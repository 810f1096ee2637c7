package dev.flashstock.sale;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.is;

import dev.flashstock.local.Backend;
import dev.flashstock.local.Wires;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What callers see while a backend cannot be reached, and that nothing accepted is lost. */
@Tag("long")
@QuarkusTest
@WithTestResource(Wires.class)
class OutageTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TestHTTPResource("/")
    URI base;

    Wires wires;

    private final String sku = "console-" + UUID.randomUUID();
    private final String reservations = "/products/" + sku + "/reservations";
    private Crowd crowd;

    @BeforeEach
    void stockUp() {
        crowd = new Crowd(base, user -> new String[] {"X-User", user});
        crowd.put(
                "/products/" + sku,
                "admin",
                "{\"name\":\"Game console\",\"priceMinor\":49900,\"currency\":\"EUR\",\"status\":\"ON_SALE\"}");
        crowd.post("/products/" + sku + "/adjustments", "admin", "delivery", "{\"delta\":7,\"reason\":\"DELIVERY\"}");
    }

    @AfterEach
    void mend() {
        wires.mend();
    }

    @Test
    void without_sqs_who_does_not_wait_is_told_to_try_again() {
        // Given
        wires.to(Backend.SQS).cut();

        // When
        var response = given().header("X-User", "alice")
                .header("Idempotency-Key", "cart-1")
                .contentType("application/json")
                .body("{\"quantity\":1}")
                .post(reservations);

        // Then
        response.then()
                .statusCode(503)
                .contentType("application/problem+json")
                .header("Retry-After", "2")
                .body("type", is("https://flashstock.dev/problems/unavailable"));
    }

    @Test
    void without_sqs_who_waits_is_served() {
        // Given
        wires.to(Backend.SQS).cut();

        // When
        Crowd.Answer answer = crowd.postLater(reservations, "alice", "cart-1", "{\"quantity\":1}", "Prefer", "wait=5")
                .join();

        // Then
        assertThat(answer.status()).isEqualTo(201);
    }

    @Test
    void without_dynamodb_the_shards_cannot_be_told() {
        // Given
        wires.to(Backend.DYNAMODB).cut();

        // When
        var response = given().get("/products/" + sku + "/stock/shards");

        // Then
        response.then().statusCode(503).contentType("application/problem+json").header("Retry-After", "2");
    }

    @Test
    void without_dynamodb_a_request_that_was_accepted_is_held_when_it_is_back() {
        // Given
        crowd.get("/products/" + sku, "alice"); // the listing is remembered
        wires.to(Backend.DYNAMODB).cut();

        // When
        Crowd.Answer accepted = crowd.post(reservations, "alice", "cart-1", "{\"quantity\":1}");
        wires.to(Backend.DYNAMODB).mend();

        // Then
        assertThat(accepted.status()).isEqualTo(202);
        await().atMost(PATIENCE)
                .until(() ->
                        crowd.get(accepted.location(), "alice").text("status").equals("HELD"));
    }

    @Test
    void without_dynamodb_it_is_not_ready_and_lives() {
        // Given
        wires.to(Backend.DYNAMODB).cut();

        // When
        int ready = given().get("/q/health/ready").statusCode();
        int live = given().get("/q/health/live").statusCode();

        // Then
        assertThat(ready).isEqualTo(503);
        assertThat(live).isEqualTo(200);
    }

    @Test
    void without_redis_the_stock_is_told_by_the_shards() {
        // Given
        wires.to(Backend.REDIS).cut();

        // When
        Crowd.Answer stock = crowd.get("/products/" + sku + "/stock", "anybody");

        // Then
        assertThat(stock.status()).isEqualTo(200);
        assertThat(stock.body().path("available").asInt()).isEqualTo(7);
        assertThat(stock.text("source")).isEqualTo("shards");
    }

    @Test
    void redis_is_used_again_when_it_is_back() {
        // Given
        wires.to(Backend.REDIS).cut();
        crowd.get("/products/" + sku + "/stock", "anybody");

        // When
        wires.to(Backend.REDIS).mend();

        // Then
        await().atMost(PATIENCE)
                .until(() -> crowd.get("/products/" + sku + "/stock", "anybody")
                        .text("source")
                        .equals("redis"));
    }
}
