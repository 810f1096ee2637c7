package dev.flashstock.cloudwatch;

import static dev.flashstock.Samples.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flashstock.dynamodb.DynamoDbTables;
import dev.flashstock.dynamodb.FakeDynamoDb;
import dev.flashstock.heat.RecentThrottles;
import dev.flashstock.heat.TableFigures;
import dev.flashstock.heat.TableName;
import dev.flashstock.heat.TableState;
import dev.flashstock.heat.TableVerdict;
import dev.flashstock.heat.TableVerdict.Kind;
import dev.flashstock.heat.Throttle;
import dev.flashstock.heat.ThrottledKey;
import dev.flashstock.inventory.TableDiagnoses;
import dev.flashstock.inventory.TableDiagnosis;
import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Refusal;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A table's diagnosis, from what AWS has answered in eight cases, through the SDK's clients. */
class TableDiagnosesTest {
    private static final TableName TABLE = new TableName("flashstock");
    private static final InstantSource CLOCK = InstantSource.fixed(NOW);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hot-partition | HOT_PARTITION | 1,234 accesses were refused | Spread the key over more shards. More capacity, or on-demand, does not help",
                "table-capacity | TABLE_CAPACITY | In the busiest minute 1,000 write units a second were used, of 1,000 provisioned. | switch to on-demand",
                "account-limit | ACCOUNT_LIMIT | 98 accesses were refused | Service Quotas",
                "max-on-demand | MAX_ON_DEMAND | 1 access was refused | Raise the maximum",
                "gsi-back-pressure | INDEX_BACK_PRESSURE | 10 write units a second were used, of 10 provisioned. | writes to the table are refused too",
                "healthy | HEALTHY | Nothing was refused from 2026-11-27T08:46:00Z to 2026-11-27T09:01:00Z. | Nothing is to be done.",
                "no-data | NO_DATA | CloudWatch has no figures | Look again",
            })
    void whatAwsTellsHasAVerdict(String recorded, Kind kind, String evidence, String remedy) throws IOException {
        // When
        TableDiagnosis diagnosis = diagnose(recorded);

        // Then
        TableVerdict verdict = diagnosis.verdicts().get(0);
        assertThat(diagnosis.verdicts()).hasSize(1);
        assertThat(verdict.kind()).isEqualTo(kind);
        assertThat(verdict.verdict()).endsWith(".");
        assertThat(verdict.evidence()).contains(evidence);
        assertThat(verdict.remedy()).contains(remedy);
        assertThat(diagnosis.figures().source()).isEqualTo(TableFigures.Source.CLOUDWATCH);
    }

    @Test
    void aHotPartitionIsDescribedWithItsFiguresAndKeys() throws IOException {
        // When
        TableDiagnosis diagnosis = diagnose("hot-partition");

        // Then
        assertThat(diagnosis.figures().throttles())
                .containsExactly(Map.entry(
                        new Throttle(Throttle.Limit.KEY_RANGE, Throttle.Access.WRITE, "flashstock", null), 1_234L));
        assertThat(diagnosis.figures().flows())
                .containsExactlyInAnyOrder(
                        new TableFigures.Flow(null, Throttle.Access.WRITE, 132.0, 1_000.0, null),
                        new TableFigures.Flow(null, Throttle.Access.READ, 14.0, 110.0, null));
        assertThat(diagnosis.figures().latencies())
                .containsExactly(
                        new TableFigures.Latency("GetItem", 2.1, 5.6),
                        new TableFigures.Latency("TransactWriteItems", 4.4, 19.2));
        assertThat(diagnosis.keys())
                .startsWith(new ThrottledKey(null, List.of("STOCK#console#0"), 1_201.0))
                .hasSize(4); // two of each rule
        assertThat(diagnosis.insights()).isNotNull();
        assertThat(diagnosis.insights().watchesThrottledKeys()).isTrue();
    }

    @Test
    void aTableIsDescribedWithItsIndexes() throws IOException {
        // When
        TableState state = diagnose("gsi-back-pressure").state();

        // Then
        assertThat(state).isNotNull();
        assertThat(state.mode()).isEqualTo(TableState.Mode.PROVISIONED);
        assertThat(state.provisioned()).isEqualTo(new TableState.Units(500L, 1_000L));
        assertThat(state.warm()).isEqualTo(new TableState.Units(12_000L, 4_000L));
        assertThat(state.indexes())
                .containsExactly(new TableState.Index(
                        "ByStatus",
                        "ACTIVE",
                        new TableState.Units(500L, 10L),
                        TableState.Units.NONE,
                        new TableState.Units(12_000L, 4_000L)));
    }

    @Test
    void anIndexThatIsThrottledIsNamed() throws IOException {
        // When
        TableDiagnosis diagnosis = diagnose("gsi-back-pressure");

        // Then
        assertThat(diagnosis.verdicts().get(0).index()).contains("ByStatus");
    }

    @Test
    void aMaximumThatSomebodyHasSetIsTold() throws IOException {
        // When
        TableState state = diagnose("max-on-demand").state();

        // Then
        assertThat(state).isNotNull();
        assertThat(state.mostOnDemand()).isEqualTo(new TableState.Units(null, 900L));
        assertThat(state.provisioned()).isEqualTo(TableState.Units.NONE);
    }

    @Test
    void whatMayNotBeReadIsNamedAndTheRestIsTold() throws IOException {
        // When
        TableDiagnosis diagnosis = diagnose("access-denied");

        // Then
        assertThat(diagnosis.verdicts())
                .extracting(TableVerdict::kind)
                .containsExactly(Kind.HEALTHY, Kind.ACCESS_DENIED, Kind.ACCESS_DENIED);
        assertThat(diagnosis.verdicts().get(1).verdict()).contains("cloudwatch:GetMetricData");
        assertThat(diagnosis.verdicts().get(2).verdict()).contains("dynamodb:DescribeContributorInsights");
        assertThat(diagnosis.figures().source()).isEqualTo(TableFigures.Source.SERVICE);
        assertThat(diagnosis.state()).isNotNull();
        assertThat(diagnosis.insights()).isNull();
    }

    @Test
    void withoutADescriptionThereAreFiguresOfTheTableAlone() throws IOException {
        // Given
        JsonNode recorded = FakeCloudWatch.recorded("hot-partition");

        // When
        TableDiagnosis diagnosis = done(diagnose(
                (operation, request) -> operation.equals("DescribeTable")
                        ? FakeDynamoDb.Answer.error(400, "AccessDeniedException")
                        : dynamoDb(recorded, operation),
                (operation, request) -> cloudWatch(recorded, operation, request)));

        // Then
        assertThat(diagnosis.state()).isNull();
        assertThat(diagnosis.verdicts())
                .extracting(TableVerdict::kind)
                .containsExactly(Kind.HOT_PARTITION, Kind.ACCESS_DENIED);
        assertThat(diagnosis.verdicts().get(1).remedy()).contains("Allow dynamodb:DescribeTable");
    }

    @Test
    void aTableThatIsNotThereIsARefusal() throws IOException {
        // When
        Outcome<TableDiagnosis> outcome = diagnose(
                (operation, request) -> FakeDynamoDb.Answer.error(400, "ResourceNotFoundException"),
                (operation, request) -> FakeCloudWatch.Answer.error(500, "InternalServiceFault"));

        // Then
        assertThat(outcome).isEqualTo(Outcome.refused(new Refusal.UnknownTable("flashstock")));
    }

    @Test
    void aCloudWatchThatIsDownIsNamedAndTheServicesFiguresAreTold() throws IOException {
        // Given
        JsonNode recorded = FakeCloudWatch.recorded("healthy");

        // When
        TableDiagnosis diagnosis = done(diagnose(
                (operation, request) -> dynamoDb(recorded, operation),
                (operation, request) -> FakeCloudWatch.Answer.error(500, "InternalServiceFault")));

        // Then
        assertThat(diagnosis.verdicts()).extracting(TableVerdict::kind).contains(Kind.NOT_REACHED);
        assertThat(diagnosis.figures().source()).isEqualTo(TableFigures.Source.SERVICE);
    }

    @Test
    void figuresAreReadPageByPageAndNotForEver() throws IOException {
        // Given
        ObjectNode page = FakeCloudWatch.JSON.createObjectNode();
        page.put("NextToken", "more");
        page.putArray("MetricDataResults");
        try (FakeCloudWatch cloudWatch =
                new FakeCloudWatch((operation, request) -> new FakeCloudWatch.Answer(200, page))) {
            CloudWatchMeter meter = new CloudWatchMeter(cloudWatch.client(), CLOCK);

            // When
            meter.figures(TABLE, List.of()).await().atMost(Duration.ofSeconds(30));

            // Then
            assertThat(cloudWatch.requests()).hasSize(CloudWatchMeter.MOST_PAGES);
            assertThat(cloudWatch.requests().get(1).get("NextToken").asText()).isEqualTo("more");
        }
    }

    @Test
    void theLargestTableFitsInOneQuestion() {
        // Given
        List<String> indexes = IntStream.range(0, TableState.MOST_INDEXES)
                .mapToObj(i -> "index-" + i)
                .toList();

        // When
        List<Series> series = Series.of(TABLE, indexes);

        // Then
        assertThat(series).doesNotHaveDuplicates().hasSizeLessThanOrEqualTo(Series.MOST);
    }

    // What AWS answers

    private static TableDiagnosis diagnose(String name) throws IOException {
        JsonNode recorded = FakeCloudWatch.recorded(name);
        return done(diagnose(
                (operation, request) -> dynamoDb(recorded, operation),
                (operation, request) -> cloudWatch(recorded, operation, request)));
    }

    private static TableDiagnosis done(Outcome<TableDiagnosis> outcome) {
        return outcome.fold(it -> it, refusal -> {
            throw new AssertionError(refusal);
        });
    }

    private static Outcome<TableDiagnosis> diagnose(
            BiFunction<String, JsonNode, FakeDynamoDb.Answer> ofDynamoDb,
            BiFunction<String, JsonNode, FakeCloudWatch.Answer> ofCloudWatch)
            throws IOException {
        try (FakeDynamoDb dynamoDb = new FakeDynamoDb(ofDynamoDb);
                FakeCloudWatch cloudWatch = new FakeCloudWatch(ofCloudWatch)) {
            TableDiagnoses diagnoses = new TableDiagnoses(
                    new DynamoDbTables(dynamoDb.client()),
                    Optional.of(new CloudWatchMeter(cloudWatch.client(), CLOCK)),
                    new RecentThrottles(TABLE, CLOCK));
            return diagnoses.diagnose(TABLE).await().atMost(Duration.ofSeconds(30));
        }
    }

    private static FakeDynamoDb.Answer dynamoDb(JsonNode recorded, String operation) {
        JsonNode answer = recorded.get(operation);
        return new FakeDynamoDb.Answer(answer.path("status").asInt(200), answer.toString());
    }

    private static FakeCloudWatch.Answer cloudWatch(JsonNode recorded, String operation, JsonNode request) {
        JsonNode answer = recorded.get(operation);
        if (answer.isArray()) {
            return new FakeCloudWatch.Answer(200, results((ArrayNode) answer, request));
        }
        return new FakeCloudWatch.Answer(answer.path("status").asInt(200), answer);
    }

    /** As CloudWatch does: each query has a result, and what there is nothing of has no values. */
    private static JsonNode results(ArrayNode recorded, JsonNode request) {
        ObjectNode answer = FakeCloudWatch.JSON.createObjectNode();
        ArrayNode results = answer.putArray("MetricDataResults");
        for (JsonNode query : request.get("MetricDataQueries")) {
            ObjectNode result = results.addObject();
            result.put("Id", query.get("Id").asText()).put("StatusCode", "Complete");
            Optional<JsonNode> found = StreamSupport.stream(recorded.spliterator(), false)
                    .filter(it -> isOf(it, query.get("MetricStat")))
                    .findFirst();
            result.set(
                    "Timestamps",
                    found.map(it -> it.get("Timestamps")).orElseGet(FakeCloudWatch.JSON::createArrayNode));
            result.set("Values", found.map(it -> it.get("Values")).orElseGet(FakeCloudWatch.JSON::createArrayNode));
        }
        return answer;
    }

    private static boolean isOf(JsonNode recorded, JsonNode asked) {
        JsonNode metric = asked.get("Metric");
        return metric.get("Namespace").asText().equals("AWS/DynamoDB")
                && metric.get("MetricName").equals(recorded.get("MetricName"))
                && metric.get("Dimensions").equals(recorded.get("Dimensions"))
                && asked.get("Stat").equals(recorded.get("Stat"))
                && asked.get("Period").asInt() == 60;
    }
}
