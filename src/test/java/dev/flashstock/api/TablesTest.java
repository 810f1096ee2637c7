package dev.flashstock.api;

import static dev.flashstock.api.Problems.assertInvalid;
import static dev.flashstock.api.Problems.assertProblem;
import static dev.flashstock.api.Shop.as;
import static dev.flashstock.api.Shop.asAdmin;
import static dev.flashstock.api.Shop.asOperator;
import static dev.flashstock.api.Shop.newUser;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** Tables of DynamoDB Local, which has no CloudWatch. */
@QuarkusTest
class TablesTest {
    private static final String TABLE = "/diagnosis/tables/{table}";
    private static final String ON_DEMAND = TABLE + "/on-demand";
    private static final String WARM = TABLE + "/warm-throughput";
    private static final String INSIGHTS = TABLE + "/contributor-insights";
    private static final String OWN = "flashstock-test";

    @Inject
    DynamoDbAsyncClient dynamoDb;

    /** A table with provisioned capacity, as somebody else would have one. */
    private String provisionedTable() {
        String name = "provisioned-" + UUID.randomUUID();
        dynamoDb.createTable(request -> request.tableName(name)
                        .attributeDefinitions(it -> it.attributeName("id").attributeType(ScalarAttributeType.S))
                        .keySchema(it -> it.attributeName("id").keyType(KeyType.HASH))
                        .billingMode(BillingMode.PROVISIONED)
                        .provisionedThroughput(it -> it.readCapacityUnits(5L).writeCapacityUnits(7L)))
                .join();
        return name;
    }

    @Test
    void flashstocksOwnTableIsDiagnosedByWhatThisProcessCounts() {
        // When
        Response response = asOperator().get(TABLE, OWN);

        // Then
        response.then()
                .statusCode(200)
                .body("table", equalTo(OWN))
                .body("source", equalTo("service"))
                .body("description.mode", equalTo("ON_DEMAND"))
                .body("description.status", equalTo("ACTIVE"))
                .body("description.indexes.name", hasItem("ByStatus"))
                .body("consumed.size()", equalTo(0));
        assertThat(response.jsonPath().getList("verdicts.kind")).isNotEmpty().doesNotContain("NO_DATA");
    }

    @Test
    void ofAnotherTableOnlyItsDescriptionIsKnown() {
        // Given
        String table = provisionedTable();

        // When
        Response response = asOperator().get(TABLE, table);

        // Then
        response.then()
                .statusCode(200)
                .body("verdicts.kind", equalTo(List.of("NO_DATA")))
                .body("verdicts[0].remedy", containsString("flashstock.cloudwatch.enabled"))
                .body("description.mode", equalTo("PROVISIONED"))
                .body("description.provisioned.reads", equalTo(5))
                .body("description.provisioned.writes", equalTo(7));
    }

    @Test
    void aTableThatIsNotThereIsAProblem() {
        assertProblem(asOperator().get(TABLE, "no-such-table"), 404, "unknown-table");
        assertProblem(asAdmin().post(ON_DEMAND, "no-such-table"), 404, "unknown-table");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ab", "a table", "table%23"})
    void whatIsNoNameOfATableIsAProblem(String name) {
        assertInvalid(asOperator().get(TABLE, name), "table", "Shape");
    }

    @Test
    void operatorsLookAndAdminsChange() {
        // Given
        String table = provisionedTable();

        // Then
        assertProblem(as(newUser()).get(TABLE, table), 403, "forbidden");
        assertProblem(asOperator().post(ON_DEMAND, table), 403, "forbidden");
        assertProblem(asOperator().post(INSIGHTS, table), 403, "forbidden");
        assertProblem(asOperator().body(Map.of("writeUnitsPerSecond", 8_000)).post(WARM, table), 403, "forbidden");
    }

    @Test
    void aTableIsSwitchedToOnDemandOnce() {
        // Given
        String table = provisionedTable();

        // When
        Response dry = asAdmin().post(ON_DEMAND, table);

        // Then
        dry.then()
                .statusCode(200)
                .body("outcome", equalTo("DRY_RUN"))
                .body("before.mode", equalTo("PROVISIONED"))
                .body("before.writeUnitsPerSecond", equalTo(7))
                .body("after.mode", equalTo("ON_DEMAND"))
                .body("request.operation", equalTo("UpdateTable"))
                .body("request.parameters.BillingMode", equalTo("PAY_PER_REQUEST"))
                .body("rules[0]", containsString("four times in any 24 hours"));
        asOperator().get(TABLE, table).then().body("description.mode", equalTo("PROVISIONED"));

        // When
        Response changed = asAdmin().post(ON_DEMAND + "?confirm=true", table);

        // Then
        changed.then().statusCode(200).body("outcome", equalTo("CHANGED"));
        asOperator().get(TABLE, table).then().body("description.mode", equalTo("ON_DEMAND"));

        // When
        Response again = asAdmin().post(ON_DEMAND + "?confirm=true", table);

        // Then
        again.then().statusCode(200).body("outcome", equalTo("NOTHING_TO_DO")).body("request", nullValue());
    }

    @Test
    void whatDynamoDbLocalDoesNotSupportIsSaid() {
        // Given
        String table = provisionedTable();

        // Then
        assertProblem(asAdmin().post(INSIGHTS + "?confirm=true", table), 422, "aws-not-supported");
        assertProblem(
                asAdmin().body(Map.of("writeUnitsPerSecond", 8_000)).post(WARM + "?confirm=true", table),
                422,
                "aws-not-supported");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"readUnitsPerSecond\":0}",
                "{\"writeUnitsPerSecond\":-1}",
                "{\"writeUnitsPerSecond\":10000001}"
            })
    void whatIsNoThroughputIsRefused(String body) {
        assertProblem(asAdmin().body(body).post(WARM, OWN), 400, "invalid-request");
    }

    @Test
    void confirmIsTrueOrFalse() {
        assertInvalid(asAdmin().post(ON_DEMAND + "?confirm=yes", OWN), "confirm", "Enum");
    }
}
