package dev.flashstock.api;

import static dev.flashstock.api.Problems.assertProblem;
import static dev.flashstock.api.Shop.anonymous;
import static dev.flashstock.api.Shop.as;
import static dev.flashstock.api.Shop.asAdmin;
import static dev.flashstock.api.Shop.asOperator;
import static dev.flashstock.api.Shop.newSku;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;

import dev.flashstock.heat.Heat;
import dev.flashstock.heat.Key;
import dev.flashstock.heat.Throttle;
import dev.flashstock.heat.Throttle.Access;
import dev.flashstock.heat.Throttle.Limit;
import dev.flashstock.redis.RedisConfig;
import io.quarkus.redis.datasource.RedisDataSource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
class DiagnosisTest {
    private static final String DIAGNOSIS = "/diagnosis";

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Inject
    Heat heat;

    @Inject
    RedisDataSource redis;

    @Inject
    RedisConfig config;

    /** An entry of a list, told from what other tests leave behind. */
    private static Map<String, Object> entry(JsonPath answer, String list, String name, String value) {
        return answer.param("value", value).getMap(list + ".find { it." + name + " == value }");
    }

    @Test
    void itTellsHowFarItSees() {
        // When
        Response response = asAdmin().get(DIAGNOSIS);

        // Then
        response.then()
                .statusCode(200)
                .body("window", equalTo(10))
                .body("pods", greaterThanOrEqualTo(1))
                .body("podsCounted", greaterThanOrEqualTo(1))
                .body("partition.writeUnits", equalTo(1_000))
                .body("partition.readUnits", equalTo(3_000));
    }

    @Test
    void requestsOfTheTableAreCounted() {
        // When
        asAdmin().get("/products/{sku}?consistency=strong", newSku());
        Response response = asAdmin().get(DIAGNOSIS);

        // Then
        assertThat(response.jsonPath().getDouble("load.requests")).isPositive();
        assertThat(response.jsonPath().getDouble("load.readUnits")).isPositive();
    }

    @Test
    void aHotKeyIsNamedWithItsRemedy() {
        // Given
        String sku = newSku();
        Key key = Key.ofTable("VIEWS#" + sku + "#3");
        heat.asked(key);
        heat.drew(key, Access.WRITE, 1_000_000);

        // When
        Response response = asOperator().get(DIAGNOSIS);

        // Then
        assertThat(entry(response.jsonPath(), "hotKeys", "key", key.value()))
                .containsEntry("kind", "VIEWS")
                .containsEntry("sku", sku)
                .containsEntry("shard", 3)
                .containsEntry("cause", "NEAR_LIMIT")
                .containsEntry("index", null)
                .hasEntrySatisfying(
                        "verdict", it -> assertThat(it).asString().startsWith("Shard 3 of the views of " + sku))
                .hasEntrySatisfying("remedy", it -> assertThat(it).asString().contains("flashstock.counters.flush"));
    }

    @Test
    void whatDynamoDbRefusesIsToldByReasonWithItsRemedy() {
        // Given
        String table = newSku();
        heat.throttled(new Throttle(Limit.MAX_ON_DEMAND, Access.READ, table, "ByStatus"));

        // When
        Response response = asOperator().get(DIAGNOSIS);

        // Then
        assertThat(response.jsonPath().getString("status")).isEqualTo("THROTTLED");
        assertThat(entry(response.jsonPath(), "throttles", "table", table))
                .containsEntry("reason", "IndexReadMaxOnDemandThroughputExceeded")
                .containsEntry("index", "ByStatus")
                .hasEntrySatisfying("verdict", it -> assertThat(it).asString().contains("ByStatus"))
                .hasEntrySatisfying("remedy", it -> assertThat(it).asString().startsWith("Raise the maximum"));
    }

    @Test
    void whatAnotherProcessHasSeenIsInIt() {
        // Given
        String key = "VIEWS#" + newSku() + "#4";

        // When
        Response response = await().atMost(PATIENCE)
                .until(
                        () -> {
                            String now = redis.execute("TIME").get(0).toString() + "000";
                            String heat = now + " 1000000 0 900000 0\nK 1000000 0 900000 0 - " + key;
                            redis.execute("HSET", config.keyPrefix() + "heat:1", "another", heat);
                            return asOperator().get(DIAGNOSIS);
                        },
                        it -> it.jsonPath().getInt("podsCounted") > 1);

        // Then
        assertThat(entry(response.jsonPath(), "hotKeys", "key", key)).containsEntry("cause", "NEAR_LIMIT");
    }

    @Test
    void shoppersAreToldNothing() {
        assertProblem(as("alice").get(DIAGNOSIS), 403, "forbidden");
        assertProblem(anonymous().get(DIAGNOSIS), 401, "unauthenticated");
    }
}
