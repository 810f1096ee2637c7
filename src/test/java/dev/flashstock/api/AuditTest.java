package dev.flashstock.api;

import static dev.flashstock.api.Problems.assertProblem;
import static dev.flashstock.api.Shop.as;
import static dev.flashstock.api.Shop.asAdmin;
import static dev.flashstock.api.Shop.available;
import static dev.flashstock.api.Shop.bearing;
import static dev.flashstock.api.Shop.confirm;
import static dev.flashstock.api.Shop.hold;
import static dev.flashstock.api.Shop.newKey;
import static dev.flashstock.api.Shop.newProductWithStock;
import static dev.flashstock.api.Shop.newSku;
import static dev.flashstock.api.Shop.newUser;
import static dev.flashstock.api.Shop.token;
import static dev.flashstock.api.Uploads.answers;
import static dev.flashstock.api.Uploads.error;
import static dev.flashstock.api.Uploads.statuses;
import static dev.flashstock.api.Uploads.upload;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

@QuarkusTest
class AuditTest {
    private static final String AUDIT = "/products/{sku}/audit";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Inject
    DynamoDbAsyncClient client;

    @ConfigProperty(name = "flashstock.dynamodb.table")
    String table;

    private static Response audited(String sku) {
        Response started = asAdmin().post(AUDIT, sku);
        assertThat(started.statusCode()).isEqualTo(202);
        assertThat(started.jsonPath().getString("state")).isEqualTo("RUNNING");
        return await().atMost(PATIENCE)
                .until(
                        () -> asAdmin().get(started.header("Location")),
                        it -> it.statusCode() != 202
                                && !"RUNNING".equals(it.jsonPath().getString("state")));
    }

    private void deleteReservation(String user, String location) {
        String[] id = location.substring("/reservations/".length()).split("\\.");
        client.deleteItem(request -> request.tableName(table)
                        .key(Map.of(
                                "PK", AttributeValue.fromS("USER#" + user),
                                "SK", AttributeValue.fromS("RESERVATION#" + id[0] + "." + id[1]))))
                .join();
    }

    @Test
    void aSmallProductIsAuditedWhenItIsAskedFor() {
        // Given
        String sku = newProductWithStock(10, 1);
        String user = newUser();
        hold(user, sku, 2);
        confirm(user, hold(user, sku, 3)).then().statusCode(200);

        // When
        Response response = bearing(token("olga", "operator")).get(AUDIT, sku);

        // Then
        JsonPath json = response.jsonPath();
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(json.getMap(""))
                .containsEntry("sku", sku)
                .containsEntry("state", "DONE")
                .containsEntry("stocked", 10)
                .containsEntry("available", 5)
                .containsEntry("held", 2)
                .containsEntry("confirmed", 3)
                .containsEntry("difference", 0)
                .containsEntry("inFlight", 0)
                .containsEntry("repaired", 0)
                .containsEntry("searched", false)
                .containsEntry("movements", 3)
                .containsEntry("moreDifferences", 0)
                .containsKeys("startedAt", "finishedAt", "differences")
                .doesNotContainKeys("progress", "failure");
    }

    @Test
    void aDifferenceIsNamedAndRepaired() {
        // Given
        String sku = newProductWithStock(10);
        String user = newUser();
        String location = hold(user, sku, 2);
        deleteReservation(user, location);

        // When
        Response audit = audited(sku);
        Response repair = asAdmin().post(AUDIT + "/repair", sku);
        Response again = asAdmin().post(AUDIT + "/repair", sku);
        Response after = audited(sku);
        Response nothing = asAdmin().post(AUDIT + "/repair", sku);

        // Then
        assertThat(audit.jsonPath().getInt("difference")).isEqualTo(2);
        assertThat(audit.jsonPath().getBoolean("searched")).isTrue();
        assertThat(audit.jsonPath().<Map<String, Object>>getList("differences"))
                .containsExactly(Map.of(
                        "kind",
                        "RESERVATION_NOT_HELD",
                        "units",
                        2,
                        "user",
                        user,
                        "reservation",
                        location.substring("/reservations/".length())));
        assertThat(repair.statusCode()).isEqualTo(201);
        assertThat(repair.jsonPath().getInt("delta")).isEqualTo(2);
        assertThat(repair.jsonPath().getString("reason")).isEqualTo("REPAIR");
        assertThat(again.jsonPath().getMap("")).isEqualTo(repair.jsonPath().getMap(""));
        assertThat(available(sku)).isEqualTo(10);
        assertThat(after.jsonPath().getInt("difference")).isZero();
        assertThat(after.jsonPath().getInt("repaired")).isEqualTo(2);
        assertThat(after.jsonPath().getList("differences")).isEmpty();
        assertProblem(nothing, 409, "nothing-to-repair");
        assertThat(asAdmin()
                        .queryParam("kind", "ADJUSTMENT")
                        .get("/products/{sku}/ledger", sku)
                        .jsonPath()
                        .getList("items.lines.flatten().reason"))
                .containsExactly("DELIVERY", "REPAIR");
    }

    @Test
    void aRepairNeedsAnAudit() {
        // Given
        String sku = newProductWithStock(10);

        // When
        Response response = asAdmin().post(AUDIT + "/repair", sku);

        // Then
        assertProblem(response, 409, "audit-needed");
        assertThat(response.jsonPath().getString("reason")).isEqualTo("OLD");
    }

    @Test
    void nobodyRepairsByAnOrdinaryAdjustment() {
        // Given
        String sku = newProductWithStock(10);

        // When
        Response response = asAdmin()
                .header("Idempotency-Key", newKey())
                .body(Map.of("delta", 1, "reason", "REPAIR"))
                .post("/products/{sku}/adjustments", sku);

        // Then
        assertProblem(response, 400, "invalid-request");
        assertThat(response.jsonPath().getMap("errors[0]"))
                .isEqualTo(Map.of(
                        "field",
                        "reason",
                        "rule",
                        "Enum",
                        "message",
                        "must be one of DELIVERY, DAMAGE, CORRECTION, RETURN"));
        assertThat(available(sku)).isEqualTo(10);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "application/x-ndjson | {\"sku\":\"%s\",\"delta\":1,\"reason\":\"REPAIR\"}",
                "text/csv | sku,delta,reason\\n%s,1,REPAIR"
            })
    void nobodyRepairsInBulk(String type, String file) {
        // Given
        String sku = newProductWithStock(10);

        // When
        List<Map<String, Object>> answers =
                answers(upload(type, newKey(), file.replace("\\n", "\n").formatted(sku)));

        // Then
        assertThat(statuses(answers)).containsExactly(400);
        assertThat(error(answers.get(0))).isEqualTo("reason Enum");
        assertThat(answers.toString()).contains("must be one of DELIVERY, DAMAGE, CORRECTION, RETURN");
        assertThat(available(sku)).isEqualTo(10);
    }

    @Test
    void anUnknownSkuIsNotAudited() {
        // Given
        String sku = newSku();

        // When
        Response get = asAdmin().get(AUDIT, sku);
        Response post = asAdmin().post(AUDIT, sku);
        Response repair = asAdmin().post(AUDIT + "/repair", sku);

        // Then
        assertProblem(get, 404, "unknown-sku");
        assertProblem(post, 404, "unknown-sku");
        assertProblem(repair, 404, "unknown-sku");
    }

    @Test
    void whetherToSearchIsTrueOrFalse() {
        // When
        Response response = asAdmin().queryParam("search", "maybe").post(AUDIT, newSku());

        // Then
        assertProblem(response, 400, "invalid-request");
    }

    @Test
    void operatorsAuditAndAdminsRepair() {
        // Given
        String sku = newProductWithStock(10);
        String operator = token("olga", "operator");

        // When
        Response audit = bearing(operator).queryParam("search", true).post(AUDIT, sku);
        Response repair = bearing(operator).post(AUDIT + "/repair", sku);
        Response shopper = as(newUser()).get(AUDIT, sku);

        // Then
        assertThat(audit.statusCode()).isEqualTo(202);
        assertThat(audit.header("Location")).endsWith("/products/" + sku + "/audit");
        assertProblem(repair, 403, "forbidden");
        assertProblem(shopper, 403, "forbidden");
    }
}
