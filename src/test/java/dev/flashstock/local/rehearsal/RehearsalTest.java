package dev.flashstock.local.rehearsal;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A rehearsal as a developer runs it. */
@Tag("long")
@QuarkusTest
class RehearsalTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TestHTTPResource("/rehearsals")
    URI rehearsals;

    private final String sku = "console-" + UUID.randomUUID();

    @BeforeEach
    void stockUp() {
        given().header("X-User", "admin")
                .contentType("application/json")
                .body("{\"name\":\"Game console\",\"priceMinor\":49900,\"currency\":\"EUR\",\"status\":\"DRAFT\","
                        + "\"shards\":10}")
                .put("/products/" + sku);
        await().atMost(PATIENCE)
                .until(() -> given().get("/rehearsals")
                        .path("findAll{it.state == 'RUNNING'}.size()")
                        .equals(0));
    }

    private Response begin(String design, int shoppers) {
        return begin(design, shoppers, 1);
    }

    private Response begin(String design, int shoppers, int seconds) {
        return given().contentType("application/json")
                .body("{\"sku\":\"%s\",\"shoppers\":%d,\"seconds\":%d,\"design\":\"%s\"}"
                        .formatted(sku, shoppers, seconds, design))
                .post("/rehearsals");
    }

    /** What is told until the end. */
    private List<JsonNode> follow(String id) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(rehearsals + "/" + id + "/events"))
                .timeout(PATIENCE)
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofLines())
                .body()
                .filter(line -> line.startsWith("data:"))
                .map(line -> json(line.substring("data:".length())))
                .toList();
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new IllegalStateException(text, e);
        }
    }

    @Test
    void one_key_throttles_and_says_which() throws Exception {
        // When
        Response begun = begin("one-key", 60);
        List<JsonNode> told = follow(begun.path("id"));

        // Then
        begun.then().statusCode(202).header("Location", is("/rehearsals/" + begun.path("id")));
        assertThat(told).hasSizeGreaterThan(1);
        JsonNode end = told.get(told.size() - 1);
        assertThat(end.path("state").asText()).isEqualTo("DONE");
        JsonNode figures = end.path("figures");
        assertThat(figures.path("offered").asInt()).isEqualTo(60);
        assertThat(figures.path("accepted").asInt() + figures.path("unanswered").asInt() + sum(figures.path("errors")))
                .isEqualTo(60);
        assertThat(figures.path("throttles")
                        .path("TableWriteKeyRangeThroughputExceeded")
                        .asInt())
                .isPositive();
        assertThat(figures.path("hottestKeys").fieldNames().next()).isEqualTo(sku + "#SHARD0");
        assertThat(figures.path("latencyMillis").path("p99").asDouble())
                .isGreaterThanOrEqualTo(
                        figures.path("latencyMillis").path("p50").asDouble());
    }

    private static int sum(JsonNode counts) {
        int sum = 0;
        for (JsonNode count : counts) {
            sum += count.asInt();
        }
        return sum;
    }

    @Test
    void flashstock_sells_a_copy_on_sale_and_leaves_the_product_alone() throws Exception {
        // When
        Response begun = begin("flashstock", 20);
        List<JsonNode> told = follow(begun.path("id"));

        // Then
        JsonNode figures = told.get(told.size() - 1).path("figures");
        assertThat(figures.path("accepted").asInt() + figures.path("queued").asInt())
                .isEqualTo(20);
        assertThat(figures.path("sold").asInt())
                .isBetween(figures.path("accepted").asInt(), 20);
        given().get("/products/" + sku).then().body("status", is("DRAFT"));
        given().get("/products/" + begun.path("rehearsedAs")).then().body("status", is("ENDED"));
    }

    @Test
    void limits_that_were_there_before_come_back() throws Exception {
        // Given
        String limits = "/local/dynamodb/limits/" + Counters.TABLE;
        given().body("{\"writeUnits\":777}").put(limits);

        // When
        follow(begin("suffixes", 1).path("id"));

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> given().get(limits).then().body("limits.writeUnits", is(777.0f)));
        given().delete(limits);
    }

    @Test
    void suffixes_are_kept_for_comparison() throws Exception {
        // When
        Response begun = begin("suffixes", 10);
        follow(begun.path("id"));

        // Then
        given().get("/rehearsals/" + begun.path("id")).then().body("state", is("DONE"));
        given().get("/rehearsals").then().body("id", hasItems((String) begun.path("id")));
        String table = given().accept("text/plain").get("/rehearsals").asString();
        assertThat(table).startsWith("design").contains("\nsuffixes ");
    }

    @Test
    void a_second_one_waits_for_the_end_of_the_first() throws Exception {
        // Given
        Response first = begin("suffixes", 1, 5);

        // When
        Response second = begin("suffixes", 1, 1);

        // Then
        second.then().statusCode(409).contentType("application/problem+json").body("title", is("Conflict"));
        follow(first.path("id"));
    }

    @Test
    void what_cannot_be_rehearsed_is_refused() {
        given().contentType("application/json")
                .body("{\"sku\":\"no-such-thing\",\"shoppers\":1,\"seconds\":1,\"design\":\"one-key\"}")
                .post("/rehearsals")
                .then()
                .statusCode(404)
                .body("type", is("https://flashstock.dev/problems/unknown-sku"));
        given().contentType("application/json")
                .body("{\"sku\":\"" + sku + "\",\"shoppers\":0,\"seconds\":121,\"design\":\"one-key\"}")
                .post("/rehearsals")
                .then()
                .statusCode(400)
                .body("errors.field", hasItems("shoppers", "seconds"));
        given().get("/rehearsals/none").then().statusCode(404);
        given().get("/rehearsals/none/events").then().statusCode(404);
    }
}
