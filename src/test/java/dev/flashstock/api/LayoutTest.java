package dev.flashstock.api;

import static dev.flashstock.api.Problems.assertInvalid;
import static dev.flashstock.api.Problems.assertProblem;
import static dev.flashstock.api.Shop.STALE;
import static dev.flashstock.api.Shop.anonymous;
import static dev.flashstock.api.Shop.as;
import static dev.flashstock.api.Shop.asAdmin;
import static dev.flashstock.api.Shop.asOperator;
import static dev.flashstock.api.Shop.available;
import static dev.flashstock.api.Shop.hold;
import static dev.flashstock.api.Shop.newProductWithStock;
import static dev.flashstock.api.Shop.newUser;
import static dev.flashstock.api.Shop.productWith;
import static dev.flashstock.api.Shop.release;
import static dev.flashstock.api.Shop.shards;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many shards a SKU has, and changing that while it is sold. */
@Tag("long")
@QuarkusTest
class LayoutTest {
    private static final String LAYOUT = "/products/{sku}/layout";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void aProductHasTheShardsThatItWasPutWith() {
        // Given
        String sku = newProductWithStock(10);

        // When
        Response response = asOperator().get(LAYOUT, sku);

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        JsonPath layout = response.jsonPath();
        assertThat(layout.getInt("shards")).isEqualTo(10);
        assertThat(layout.getInt("writeShards")).isEqualTo(10);
        assertThat(layout.getInt("readShards")).isEqualTo(10);
        assertThat(layout.getString("state")).isEqualTo("STEADY");
    }

    @Test
    void aReaderOfTheProductLearnsOfItsNewShards() {
        // Given
        String sku = newProductWithStock(10);
        String etag = strongly(sku, STALE).header("ETag");
        choose(sku, 20);
        awaitShards(sku, 20);

        // When
        Response read = strongly(sku, etag);

        // Then
        assertThat(read.statusCode()).isEqualTo(200);
        assertThat(read.jsonPath().getInt("shards")).isEqualTo(20);
        assertThat(read.header("ETag")).isNotEqualTo(etag);
    }

    @Test
    void aProductIsReplacedByWhoHasSeenItWithOtherShards() {
        // Given
        String sku = newProductWithStock(10);
        String etag = strongly(sku, STALE).header("ETag");
        choose(sku, 20);
        awaitShards(sku, 20);

        // When
        Response response = asAdmin()
                .header("If-Match", etag)
                .body(productWith("name", "Renamed"))
                .put("/products/{sku}", sku);

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
    }

    private static Response strongly(String sku, String ifNoneMatch) {
        return anonymous()
                .header("If-None-Match", ifNoneMatch)
                .queryParam("consistency", "strong")
                .get("/products/{sku}", sku);
    }

    @Test
    void aProductGetsMoreShardsAndFewerWhileItIsSold() {
        // Given
        String sku = newProductWithStock(100);
        String user = newUser();
        String first = hold(user, sku, 7);

        // When
        Response more = choose(sku, 20);
        awaitShards(sku, 20);
        String second = hold(user, sku, 3);
        Response fewer = choose(sku, 3);
        awaitShards(sku, 3);
        release(user, first);
        release(user, second);

        // Then
        assertThat(more.statusCode()).isEqualTo(202);
        assertThat(more.header("Location")).endsWith("/products/" + sku + "/layout");
        assertThat(more.jsonPath().getString("state")).isEqualTo("GROWING");
        assertThat(fewer.statusCode()).isEqualTo(202);
        assertThat(fewer.jsonPath().getString("state")).isEqualTo("SHRINKING");
        assertThat(available(sku)).isEqualTo(100);
        assertThat(given().get("/products/{sku}/stock/shards", sku)
                        .jsonPath()
                        .getList("shards.available", Integer.class))
                .hasSize(3)
                .satisfies(it ->
                        assertThat(it.stream().mapToInt(units -> units).sum()).isEqualTo(100));
    }

    @Test
    void choosingTheSameAgainChangesNothing() {
        // Given
        String sku = newProductWithStock(1);

        // When
        Response response = choose(sku, 10);

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.jsonPath().getString("state")).isEqualTo("STEADY");
    }

    @ParameterizedTest
    @CsvSource({"0, Min", "-1, Min", "257, Max", "null, NotNull"})
    void aNumberOfShardsOutOfBoundsIsRefused(String shards, String rule) {
        // When
        Response response = put("console", "{\"shards\":" + shards + "}");

        // Then
        assertInvalid(response, "shards", rule);
    }

    @Test
    void anUnknownProductHasNoLayout() {
        assertProblem(asOperator().get(LAYOUT, "unknown"), 404, "unknown-sku");
        assertProblem(choose("unknown", 3), 404, "unknown-sku");
    }

    @Test
    void onlyAdminsChangeIt() {
        // Given
        String sku = newProductWithStock(1);

        // When, Then
        assertThat(as(newUser()).get(LAYOUT, sku).statusCode()).isEqualTo(403);
        assertThat(asOperator()
                        .contentType(ContentType.JSON)
                        .body("{\"shards\":3}")
                        .put(LAYOUT, sku)
                        .statusCode())
                .isEqualTo(403);
        assertThat(given().get(LAYOUT, sku).statusCode()).isEqualTo(401);
    }

    private static Response choose(String sku, int shards) {
        return put(sku, "{\"shards\":" + shards + "}");
    }

    private static Response put(String sku, String body) {
        return asAdmin().contentType(ContentType.JSON).body(body).put(LAYOUT, sku);
    }

    private static void awaitShards(String sku, int shards) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(
                                asOperator().get(LAYOUT, sku).jsonPath().getString("state"))
                        .isEqualTo("STEADY"));
        assertThat(asOperator().get(LAYOUT, sku).jsonPath().getInt("writeShards"))
                .isEqualTo(shards);
    }
}
