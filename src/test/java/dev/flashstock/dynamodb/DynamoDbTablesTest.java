package dev.flashstock.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flashstock.dynamodb.FakeDynamoDb.Answer;
import dev.flashstock.heat.Quotas;
import dev.flashstock.heat.TableFix;
import dev.flashstock.heat.TableName;
import dev.flashstock.inventory.TableFixes;
import dev.flashstock.inventory.TableFixes.Fixed;
import dev.flashstock.inventory.Unavailable;
import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Refusal;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Changes of a table as DynamoDB takes or refuses them, over the wire. */
class DynamoDbTablesTest {
    private static final TableName TABLE = new TableName("flashstock");
    private static final String PROVISIONED = """
            {"Table": {"TableName": "flashstock", "TableStatus": "ACTIVE",
              "ProvisionedThroughput": {"ReadCapacityUnits": 500, "WriteCapacityUnits": 1000},
              "WarmThroughput": {"ReadUnitsPerSecond": 12000, "WriteUnitsPerSecond": 4000, "Status": "ACTIVE"}}}""";
    private static final String ON_DEMAND = """
            {"Table": {"TableName": "flashstock", "TableStatus": "ACTIVE",
              "BillingModeSummary": {"BillingMode": "PAY_PER_REQUEST"},
              "WarmThroughput": {"ReadUnitsPerSecond": 12000, "WriteUnitsPerSecond": 4000, "Status": "ACTIVE"}}}""";
    private static final String OFF = "{\"TableName\": \"flashstock\", \"ContributorInsightsStatus\": \"DISABLED\"}";

    private final Map<String, Answer> answers = new HashMap<>();
    private final Map<String, JsonNode> requests = new HashMap<>();
    private FakeDynamoDb dynamoDb;

    @BeforeEach
    void start() throws IOException {
        dynamoDb = new FakeDynamoDb((operation, request) -> {
            requests.put(operation, request);
            return answers.getOrDefault(operation, Answer.error(400, "ValidationException"));
        });
        answers.put("DescribeTable", new Answer(200, PROVISIONED));
        answers.put("DescribeContributorInsights", new Answer(200, OFF));
        answers.put(
                "UpdateTable",
                new Answer(
                        200,
                        PROVISIONED.replace("\"Table\"", "\"TableDescription\"").replace("ACTIVE", "UPDATING")));
        answers.put("UpdateContributorInsights", new Answer(200, OFF.replace("DISABLED", "ENABLING")));
    }

    @AfterEach
    void stop() {
        dynamoDb.close();
    }

    static Stream<TableFix> fixes() {
        return Stream.of(
                new TableFix.OnDemand(),
                new TableFix.Warm(24_000L, 16_000L),
                new TableFix.Warm(null, 16_000L),
                new TableFix.NameThrottledKeys());
    }

    @ParameterizedTest
    @MethodSource("fixes")
    void unlessItIsConfirmedNothingIsChanged(TableFix fix) {
        // When
        Fixed fixed = done(fix(fix, false));

        // Then
        assertThat(fixed.done()).isFalse();
        assertThat(fixed.plan()).isInstanceOf(TableFix.Change.class);
        assertThat(dynamoDb.calls()).noneMatch(it -> it.startsWith("Update"));
    }

    @ParameterizedTest
    @MethodSource("fixes")
    void whatIsSentIsWhatIsToldBefore(TableFix fix) throws IOException {
        // Given
        TableFix.Request told = change(done(fix(fix, false))).request();

        // When
        Fixed fixed = done(fix(fix, true));

        // Then
        assertThat(fixed.done()).isTrue();
        assertThat(change(fixed).request()).isEqualTo(told);
        assertThat(requests.get(told.operation()))
                .isEqualTo(FakeDynamoDb.JSON.readTree(FakeDynamoDb.JSON.writeValueAsString(told.parameters())));
    }

    @Test
    void whatIsLeftOutStaysAsItIs() {
        // When
        TableFix.Change change = change(done(fix(new TableFix.Warm(null, 16_000L), true)));

        // Then
        assertThat(change.before()).isEqualTo(Map.of("readUnitsPerSecond", 12_000L, "writeUnitsPerSecond", 4_000L));
        assertThat(change.after()).isEqualTo(Map.of("readUnitsPerSecond", 12_000L, "writeUnitsPerSecond", 16_000L));
    }

    static Stream<Arguments> soAlready() {
        return Stream.of(
                Arguments.of("DescribeTable", ON_DEMAND, new TableFix.OnDemand()),
                Arguments.of("DescribeTable", ON_DEMAND.replace("ACTIVE", "UPDATING"), new TableFix.OnDemand()),
                Arguments.of("DescribeTable", ON_DEMAND, new TableFix.Warm(12_000L, 4_000L)),
                Arguments.of("DescribeTable", ON_DEMAND, new TableFix.Warm(12_000L, null)),
                Arguments.of(
                        "DescribeContributorInsights",
                        OFF.replace("DISABLED", "ENABLING\", \"ContributorInsightsMode\": \"THROTTLED_KEYS"),
                        new TableFix.NameThrottledKeys()));
    }

    @ParameterizedTest
    @MethodSource("soAlready")
    void whatIsSoAlreadyIsNotAskedFor(String operation, String answer, TableFix fix) {
        // Given
        answers.put(operation, new Answer(200, answer));

        // When
        Fixed fixed = done(fix(fix, true));

        // Then
        assertThat(fixed.plan()).isInstanceOf(TableFix.Nothing.class);
        assertThat(fixed.done()).isFalse();
        assertThat(dynamoDb.calls()).containsExactly(operation);
    }

    @Test
    void anInsightThatWatchesMoreIsSwitchedOver() {
        // Given
        answers.put(
                "DescribeContributorInsights",
                new Answer(
                        200,
                        OFF.replace(
                                "DISABLED", "ENABLED\", \"ContributorInsightsMode\": \"ACCESSED_AND_THROTTLED_KEYS")));

        // When
        Fixed fixed = done(fix(new TableFix.NameThrottledKeys(), true));

        // Then
        assertThat(fixed.done()).isTrue();
        assertThat(fixed.plan().before()).containsEntry("mode", "ACCESSED_AND_THROTTLED_KEYS");
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of("ResourceNotFoundException", Refusal.UnknownTable.class),
                Arguments.of("AccessDeniedException", Refusal.ActionNotAllowed.class),
                Arguments.of("UnknownOperationException", Refusal.ActionNotSupported.class),
                Arguments.of("ResourceInUseException", Refusal.TableBusy.class),
                Arguments.of("LimitExceededException", Refusal.TableChangeLimited.class),
                Arguments.of("ValidationException", Refusal.TableChangeRefused.class));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void eachRefusalOfDynamoDbIsToldApart(String type, Class<?> refusal) {
        for (TableFix fix : List.of(new TableFix.OnDemand(), new TableFix.NameThrottledKeys())) {
            // Given
            answers.put("UpdateTable", Answer.error(400, type));
            answers.put("UpdateContributorInsights", Answer.error(400, type));

            // When
            Refusal refused = refused(fix(fix, true));

            // Then
            assertThat(refused).isInstanceOf(refusal);
        }
    }

    @Test
    void thePermissionThatIsMissingIsNamed() {
        // Given
        answers.put("UpdateTable", Answer.error(400, "AccessDeniedException"));

        // When
        Refusal refused = refused(fix(new TableFix.OnDemand(), true));

        // Then
        assertThat(refused).isEqualTo(new Refusal.ActionNotAllowed("dynamodb:UpdateTable"));
    }

    @Test
    void warmThroughputIsNotLowered() {
        // When
        Refusal refused = refused(fix(new TableFix.Warm(24_000L, 3_999L), true));

        // Then
        assertThat(refused).isInstanceOf(Refusal.TableChangeRefused.class);
        assertThat(dynamoDb.calls()).containsExactly("DescribeTable");
    }

    @Test
    void aTableThatIsBeingChangedIsNotChangedAgain() {
        // Given
        answers.put("DescribeTable", new Answer(200, PROVISIONED.replace("ACTIVE", "UPDATING")));

        // When
        Refusal refused = refused(fix(new TableFix.OnDemand(), true));

        // Then
        assertThat(refused).isEqualTo(new Refusal.TableBusy("flashstock", "UPDATING"));
        assertThat(dynamoDb.calls()).containsExactly("DescribeTable");
    }

    @Test
    void anEndpointThatDoesNotTellWarmThroughputDoesNotSupportIt() {
        // Given
        answers.put(
                "DescribeTable",
                new Answer(200, "{\"Table\": {\"TableName\": \"flashstock\", \"TableStatus\": \"ACTIVE\"}}"));

        // When
        Refusal refused = refused(fix(new TableFix.Warm(24_000L, null), true));

        // Then
        assertThat(refused).isEqualTo(new Refusal.ActionNotSupported("dynamodb:UpdateTable"));
        assertThat(dynamoDb.calls()).containsExactly("DescribeTable");
    }

    @Test
    void aDynamoDbThatIsDownIsUnavailable() {
        // Given
        answers.put("DescribeTable", Answer.error(500, "InternalServerError"));

        // Then
        assertThatThrownBy(() -> fix(new TableFix.OnDemand(), true)).isInstanceOf(Unavailable.class);
    }

    @Test
    void quotasAreReadOrRefused() {
        // Given
        answers.put(
                "DescribeLimits",
                new Answer(
                        200,
                        "{\"AccountMaxReadCapacityUnits\": 80000, \"AccountMaxWriteCapacityUnits\": 80000,"
                                + " \"TableMaxReadCapacityUnits\": 40000, \"TableMaxWriteCapacityUnits\": 40000}"));

        // When
        Outcome<Quotas> quotas = quotas();

        // Then
        assertThat(quotas).isEqualTo(Outcome.done(new Quotas(40_000, 40_000)));

        // Given
        answers.put("DescribeLimits", Answer.error(400, "AccessDeniedException"));

        // Then
        assertThat(quotas()).isEqualTo(Outcome.refused(new Refusal.ActionNotAllowed("dynamodb:DescribeLimits")));
    }

    private Outcome<Quotas> quotas() {
        return new DynamoDbTables(dynamoDb.client()).quotas().await().atMost(Duration.ofSeconds(30));
    }

    private Outcome<Fixed> fix(TableFix fix, boolean confirmed) {
        return new TableFixes(new DynamoDbTables(dynamoDb.client()))
                .fix(TABLE, fix, confirmed)
                .await()
                .atMost(Duration.ofSeconds(30));
    }

    private static TableFix.Change change(Fixed fixed) {
        return (TableFix.Change) fixed.plan();
    }

    private static Fixed done(Outcome<Fixed> outcome) {
        return outcome.fold(it -> it, refusal -> {
            throw new AssertionError(refusal);
        });
    }

    private static Refusal refused(Outcome<Fixed> outcome) {
        return outcome.fold(
                it -> {
                    throw new AssertionError(it);
                },
                refusal -> refusal);
    }
}
