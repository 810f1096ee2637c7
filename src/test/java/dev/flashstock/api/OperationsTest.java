package dev.flashstock.api;

import static dev.flashstock.api.Shop.awaitOutcome;
import static dev.flashstock.api.Shop.enqueue;
import static dev.flashstock.api.Shop.hold;
import static dev.flashstock.api.Shop.newKey;
import static dev.flashstock.api.Shop.newProduct;
import static dev.flashstock.api.Shop.newProductWithStock;
import static dev.flashstock.api.Shop.newUser;
import static dev.flashstock.api.Shop.reserve;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flashstock.redis.RedisConfig;
import io.quarkus.redis.datasource.RedisDataSource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class OperationsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Inject
    RedisDataSource redis;

    @Inject
    RedisConfig config;

    @ParameterizedTest
    @ValueSource(strings = {"live", "ready", "started"})
    void itIsUp(String probe) {
        // When
        Response response = given().get("/q/health/" + probe);

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.jsonPath().getString("status")).isEqualTo("UP");
    }

    @Test
    void readyMeansThatTheTableAndTheQueueAnswer() {
        // When
        Response response = given().get("/q/health/ready");

        // Then
        assertThat(response.jsonPath().<Map<String, Object>>getList("checks"))
                .contains(Map.of("name", "table", "status", "UP"), Map.of("name", "queue", "status", "UP"));
    }

    @Test
    void aReservationIsCountedByItsOutcome() {
        // Given
        String sku = newProductWithStock(1);
        double before = metric("flashstock_reservation_requests_total", "HELD");

        // When
        hold(newUser(), sku, 1);

        // Then
        assertThat(metric("flashstock_reservation_requests_total", "HELD")).isEqualTo(before + 1);
    }

    @Test
    void groupCommitsAreCountedByWhatCameOfThem() {
        // Given
        String sku = newProductWithStock(1);
        double committed = metric("flashstock_group_commits_total", "committed");
        double tooFew = metric("flashstock_group_commits_total", "too-few");

        // When
        hold(newUser(), sku, 1);
        reserve(newUser(), sku, 1);

        // Then
        assertThat(metric("flashstock_group_commits_total", "committed")).isGreaterThan(committed);
        assertThat(metric("flashstock_group_commits_total", "too-few")).isGreaterThan(tooFew);
        assertThat(gauge("flashstock_group_size_count")).isPositive();
        assertThat(gauge("flashstock_group_waiting")).isNotNegative();
    }

    @Test
    void aRefusalIsCountedByItsType() {
        // Given
        String sku = newProduct();
        double before = metric("flashstock_reservation_requests_total", "SOLD_OUT");

        // When
        reserve(newUser(), sku, 1);

        // Then
        assertThat(metric("flashstock_reservation_requests_total", "SOLD_OUT")).isEqualTo(before + 1);
    }

    @Test
    void aQueuedRequestIsCountedWhenItIsAcceptedAndWhenItsTurnHasCome() {
        // Given
        String user = newUser();
        String sku = newProductWithStock(1);
        double accepted = metric("flashstock_reservation_requests_total", "QUEUED");
        double held = metric("flashstock_queued_requests_total", "HELD");

        // When
        awaitOutcome(user, enqueue(user, sku, newKey(), 1).header("Location"));

        // Then
        assertThat(metric("flashstock_reservation_requests_total", "QUEUED")).isEqualTo(accepted + 1);
        assertThat(metric("flashstock_queued_requests_total", "HELD")).isEqualTo(held + 1);
    }

    @Test
    void theLivingPodsAreCounted() {
        // Given
        double before = gauge("flashstock_pods");

        // When
        redis.sortedSet(String.class).zadd(config.keyPrefix() + "pods", System.currentTimeMillis(), newUser());

        // Then
        assertThat(before).isGreaterThanOrEqualTo(1);
        await().atMost(PATIENCE).until(() -> gauge("flashstock_pods") > 1);
    }

    @Test
    void openApiNamesEveryOperation() {
        // When
        JsonPath openApi = given().accept(ContentType.JSON).get("/q/openapi").jsonPath();

        // Then
        assertThat(openApi.<String>getList("paths.collect { it.value.values() }.flatten().operationId.findAll()"))
                .containsExactlyInAnyOrder(
                        "putProduct",
                        "getProduct",
                        "listProducts",
                        "deleteProduct",
                        "adjustStock",
                        "adjustStockInBulk",
                        "getStock",
                        "getStocks",
                        "getSession",
                        "followSale",
                        "followStock",
                        "followReservation",
                        "getShards",
                        "getLayout",
                        "putLayout",
                        "adviseShards",
                        "checkSale",
                        "diagnoseTable",
                        "switchTableToOnDemand",
                        "warmTable",
                        "nameThrottledKeys",
                        "viewProduct",
                        "getViews",
                        "likeProduct",
                        "unlikeProduct",
                        "getLikes",
                        "getMyLike",
                        "getLedger",
                        "diagnose",
                        "getAudit",
                        "startAudit",
                        "repairStock",
                        "reserve",
                        "getReservation",
                        "listReservations",
                        "confirmReservation",
                        "extendReservation",
                        "releaseReservation",
                        "listUsersReservations",
                        "getUsersReservation",
                        "forceRelease");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/products", "/reservations", "/users/{user}/reservations", "/products/{sku}/ledger"})
    void openApiTellsHowAListIsPaged(String path) {
        // When
        JsonPath openApi = given().accept(ContentType.JSON).get("/q/openapi").jsonPath();

        // Then
        assertThat(openApi.<String>getList("paths.'" + path + "'.get.parameters.findAll { it.in == 'query' }.name"))
                .contains("cursor", "limit");
        String limit = "paths.'" + path + "'.get.parameters.find { it.name == 'limit' }.schema.";
        assertThat(openApi.getInt(limit + "minimum")).isEqualTo(Limit.MIN);
        assertThat(openApi.getInt(limit + "maximum")).isEqualTo(Limit.MAX);
    }

    @Test
    void openApiTellsThatAConfirmationNeedsNoBody() {
        // When
        JsonPath openApi = given().accept(ContentType.JSON).get("/q/openapi").jsonPath();

        // Then
        String body = "paths.'/reservations/{id}/confirmation'.post.requestBody";
        assertThat(openApi.<Object>get(body + ".content.'application/json'.schema"))
                .isNotNull();
        assertThat(openApi.<Boolean>get(body + ".required")).isNotEqualTo(true);
    }

    @Test
    void swaggerUiIsServed() {
        // When
        Response response = given().get("/q/swagger-ui/");

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.contentType()).startsWith("text/html");
        assertThat(response.asString()).contains("swagger-ui");
    }

    private static double gauge(String name) {
        Matcher matcher = Pattern.compile("(?m)^" + name + " (\\S+)$")
                .matcher(given().get("/q/metrics").asString());
        assertThat(matcher.find()).as(name).isTrue();
        return Double.parseDouble(matcher.group(1));
    }

    /** A counter as Prometheus reads it; 0 as long as it is not there. */
    private static double metric(String name, String outcome) {
        String text = given().get("/q/metrics").asString();
        Matcher matcher = Pattern.compile("(?m)^" + name + "\\{outcome=\"" + outcome + "\",?} (\\S+)$")
                .matcher(text);
        return matcher.find() ? Double.parseDouble(matcher.group(1)) : 0;
    }
}
