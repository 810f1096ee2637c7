package dev.flashstock.cloudwatch;

import static dev.flashstock.api.Shop.asOperator;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The service as it is wired on AWS: CloudWatch is asked, here a fake one. */
@QuarkusTest
@TestProfile(AskedCloudWatchTest.WithCloudWatch.class)
class AskedCloudWatchTest {
    private static final String TABLE = "flashstock-test";

    /** With a CloudWatch of its own. */
    public static class WithCloudWatch implements QuarkusTestProfile {
        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(HotTable.class));
        }
    }

    /** A CloudWatch that knows of five refused writes. */
    public static class HotTable implements QuarkusTestResourceLifecycleManager {
        private FakeCloudWatch cloudWatch;

        @Override
        public Map<String, String> start() {
            try {
                cloudWatch = new FakeCloudWatch((operation, request) -> new FakeCloudWatch.Answer(200, hot(request)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return Map.of(
                    "flashstock.cloudwatch.enabled",
                    "true",
                    "flashstock.cloudwatch.endpoint",
                    cloudWatch.endpoint().toString());
        }

        private static JsonNode hot(JsonNode request) {
            ObjectNode answer = FakeCloudWatch.JSON.createObjectNode();
            var results = answer.putArray("MetricDataResults");
            for (JsonNode query : request.get("MetricDataQueries")) {
                JsonNode metric = query.at("/MetricStat/Metric");
                ObjectNode result = results.addObject();
                result.put("Id", query.get("Id").asText());
                result.putArray("Timestamps").add(1_795_770_000L);
                boolean isIt = metric.get("MetricName").asText().equals("WriteKeyRangeThroughputThrottleEvents")
                        && metric.get("Dimensions").size() == 1
                        && metric.at("/Dimensions/0/Value").asText().equals(TABLE);
                result.putArray("Values").add(isIt ? 5.0 : 0.0);
            }
            return answer;
        }

        @Override
        public void stop() {
            cloudWatch.close();
        }
    }

    @Test
    void aTableIsDiagnosedByItsFigures() {
        // When
        Response response = asOperator().get("/diagnosis/tables/{table}", TABLE);

        // Then
        response.then()
                .statusCode(200)
                .body("source", equalTo("cloudwatch"))
                .body("verdicts.kind", contains("HOT_PARTITION", "NOT_SUPPORTED"))
                .body("throttles.reason", contains("TableWriteKeyRangeThroughputExceeded"))
                .body("throttles.count", contains(5));
    }
}
