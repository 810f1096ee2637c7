package dev.flashstock.local;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/** The wires of dev mode, through the application's own port. */
@QuarkusTest
class ControlTest {
    private final String table = "table-" + UUID.randomUUID();
    private final String limits = "/local/dynamodb/limits/" + table;

    @Inject
    SqsAsyncClient sqs;

    @AfterEach
    void clear() {
        given().delete(limits);
        given().delete("/local/sqs/faults");
    }

    @Test
    void limits_are_set_told_and_taken_back() {
        // When
        var set = given().body("{\"writeUnits\":10,\"partitions\":4,\"table\":{\"kind\":\"ACCOUNT\",\"writeUnits\":20,"
                        + "\"readUnits\":60}}")
                .put(limits);

        // Then
        set.then()
                .statusCode(200)
                .body("limits.writeUnits", is(10.0f))
                .body("limits.readUnits", is(3000.0f))
                .body("limits.partitions", is(4))
                .body("limits.table.kind", is("ACCOUNT"))
                .body("throughput.writeUnits", is(0.0f));
        given().get(limits).then().statusCode(200).body("limits.writeUnits", is(10.0f));
        given().delete(limits).then().statusCode(200).body("limits.writeUnits", is(10.0f));
        given().get(limits).then().statusCode(200).body("limits", nullValue());
    }

    @Test
    void faults_are_set_happen_and_are_taken_back() {
        // Given
        String queue = "control-" + UUID.randomUUID();
        String rule = "[{\"operation\":\"CreateQueue\",\"containing\":\"" + queue
                + "\",\"times\":1,\"fault\":{\"fault\":\"failure\",\"status\":500,\"type\":\"InternalError\","
                + "\"message\":\"Try again\"}}]";

        // When
        var set = given().body(rule).put("/local/sqs/faults");
        sqs.createQueue(create -> create.queueName(queue)).join(); // the SDK tries again

        // Then
        set.then()
                .statusCode(200)
                .body("faults", hasSize(1))
                .body("faults[0].fault.fault", is("failure"))
                .body("faults[0].probability", is(1.0f));
        given().get("/local/sqs").then().statusCode(200).body("happened.keySet()", hasItem("Failure"));
        given().delete("/local/sqs/faults").then().statusCode(200).body("faults", hasSize(0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "dynamodb/limits/any|{\"writeUnits\":-1}|writeUnits",
                "dynamodb/limits/any|{\"writeUnits\":\"many\"}|many",
                "dynamodb/limits/any|nonsense|nonsense",
                "dynamodb/limits/any|null|null",
                "dynamodb/limits/any|{\"table\":{\"writeUnits\":1,\"readUnits\":1}}|table.kind",
                "dynamodb/faults|null|null",
                "dynamodb/faults|[null]|null",
                "sqs/faults|[{\"fault\":{\"fault\":\"nonsense\"}}]|answer-lost",
                "sqs/faults|[{}]|A rule needs a fault",
                "redis/faults|[{\"fault\":{\"fault\":\"latency\",\"medianMillis\":5,\"p99Millis\":1}}]|p99Millis",
            })
    void what_cannot_be_is_refused_and_says_why(String path, String body, String reason) {
        // When
        var refused = given().body(body).put("/local/" + path);

        // Then
        refused.then().statusCode(400).body("detail", containsString(reason));
    }

    @ParameterizedTest
    @ValueSource(strings = {"kafka", "dynamodb/nothing", "sqs/limits/any", "dynamodb/limits"})
    void what_is_not_there_cannot_be_set(String path) {
        // When
        var refused = given().body("{}").put("/local/" + path);

        // Then
        refused.then().statusCode(404);
    }

    @Test
    void a_name_may_need_escapes() {
        // When
        var set = given().urlEncodingEnabled(false).body("{}").put("/local/dynamodb/limits/a%20b%2Fc");

        // Then
        set.then().statusCode(200).body("limits.writeUnits", is(1000.0f));
        given().urlEncodingEnabled(false)
                .delete("/local/dynamodb/limits/a%20b%2Fc")
                .then()
                .statusCode(200);
    }

    @Test
    void a_wire_tells_its_address() {
        // When
        var state = given().get("/local/redis");

        // Then
        state.then().statusCode(200).body("address", endsWith(address(Backend.REDIS)));
        state.then().body("happened", is(Map.of()));
    }

    private static String address(Backend backend) {
        String configured = new LocalBackends().apply(key -> false, "0").get(backend.addressKey());
        return configured.substring(configured.indexOf("://"), configured.lastIndexOf('/'));
    }
}
