package dev.flashstock.deploy;

import static dev.flashstock.api.Shop.awaitOutcome;
import static dev.flashstock.api.Shop.enqueue;
import static dev.flashstock.api.Shop.newKey;
import static dev.flashstock.api.Shop.newProductWithStock;
import static dev.flashstock.api.Shop.newUser;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.flashstock.heat.Throttle;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** An alarm on a metric that nobody tells never rings: each name is held to the service, or to AWS's own. */
@QuarkusTest
class AlarmsTest {
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Path PROMETHEUS = Path.of("deploy/prometheus/flashstock-rules.yaml");
    private static final Path CLOUDWATCH = Path.of("deploy/aws/alarms.yaml");
    private static final Pattern METRIC = Pattern.compile("(flashstock_[a-z_]+)(\\{([^}]*)})?");
    private static final Pattern EQUALS = Pattern.compile("([a-z]+=\"[^\"]*\")");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void eachMetricOfTheRulesIsToldByTheService() throws IOException {
        // Given
        List<JsonNode> rules = rules();

        // When
        String told = given().get("/q/metrics").asString();

        // Then
        assertThat(rules).hasSizeGreaterThanOrEqualTo(6);
        for (JsonNode rule : rules) {
            List<MatchResult> metrics =
                    METRIC.matcher(rule.path("expr").asText()).results().toList();
            assertThat(metrics).as(rule.path("alert").asText()).isNotEmpty();
            for (MatchResult metric : metrics) {
                assertThat(told.lines()).as(metric.group()).anyMatch(line -> isOf(line, metric));
            }
        }
    }

    /** A line with the metric's name, and with the labels whose values it wants. */
    private static boolean isOf(String line, MatchResult metric) {
        return line.matches(metric.group(1) + "[{ ].*")
                && (metric.group(3) == null
                        || EQUALS.matcher(metric.group(3))
                                .results()
                                .map(MatchResult::group)
                                .allMatch(line::contains));
    }

    @Test
    void eachRuleSaysWhatItIsAndWhatToDo() throws IOException {
        for (JsonNode rule : rules()) {
            String name = rule.path("alert").asText();
            assertThat(rule.at("/labels/severity").asText()).as(name).isIn("critical", "warning");
            assertThat(rule.at("/annotations/summary").asText()).as(name).isNotBlank();
            String document = rule.at("/annotations/description").asText().replaceFirst(".*See ", "");
            String[] place = document.replaceFirst("\\.$", "").split("#", 2);
            List<String> headings = Files.readAllLines(Path.of(place[0])).stream()
                    .filter(line -> line.startsWith("#"))
                    .map(line -> line.replaceFirst("#+ ", "")
                            .toLowerCase(Locale.ROOT)
                            .replace(' ', '-')
                            .replace("`", ""))
                    .toList();
            if (place.length > 1) {
                assertThat(headings).as(name).contains(place[1]);
            }
        }
    }

    @Test
    void throttlesHaveTheirReasonsFromTheStart() {
        // When
        String told = given().get("/q/metrics").asString();

        // Then
        for (String reason : List.of("TableWriteKeyRangeThroughputExceeded", "TableReadKeyRangeThroughputExceeded")) {
            assertThat(told.lines())
                    .anyMatch(line -> line.startsWith("flashstock_throttles_total{") && line.contains(reason));
        }
    }

    @Test
    void messagesOfBothQueuesAreCounted() {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(
                                given().get("/q/metrics").asString().lines())
                        .anyMatch(line -> line.matches("flashstock_queue_messages\\{queue=\"requests\",?} \\d.*"))
                        .anyMatch(line -> line.matches("flashstock_queue_messages\\{queue=\"dead\",?} \\d.*")));
    }

    @Test
    void howLongAQueuedRequestWaitedIsMeasured() {
        // Given
        String user = newUser();
        String sku = newProductWithStock(1);
        double before = waits();

        // When
        awaitOutcome(user, enqueue(user, sku, newKey(), 1).header("Location"));

        // Then
        assertThat(waits()).isGreaterThan(before);
    }

    private static double waits() {
        return given().get("/q/metrics")
                .asString()
                .lines()
                .filter(line -> line.startsWith("flashstock_queue_wait_seconds_count"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    @Test
    void eachAlarmOfCloudWatchIsOnAMetricThatThereIs() throws IOException {
        // Given
        Set<String> known = new HashSet<>(
                Set.of("AWS/SQS ApproximateAgeOfOldestMessage", "AWS/SQS ApproximateNumberOfMessagesVisible"));
        for (Throttle.Limit limit : Throttle.Limit.values()) {
            for (Throttle.Access access : Throttle.Access.values()) {
                known.add("AWS/DynamoDB " + new Throttle(limit, access, "", null).metric());
            }
        }

        // When
        JsonNode template = YAML.readTree(Files.readString(CLOUDWATCH));
        template.get("Resources")
                .forEach(resource -> resource.at("/Properties/MetricTransformations")
                        .forEach(it -> known.add(it.get("MetricNamespace").asText() + " "
                                + it.get("MetricName").asText())));

        // Then
        List<String> alarms = new ArrayList<>();
        for (JsonNode resource : template.get("Resources")) {
            if (resource.get("Type").asText().equals("AWS::CloudWatch::Alarm")) {
                JsonNode of = resource.get("Properties");
                alarms.add(of.get("Namespace").asText() + " "
                        + of.get("MetricName").asText());
                assertThat(of.at("/AlarmActions/0/Ref").asText()).isEqualTo("Topic");
            }
        }
        assertThat(alarms).hasSize(6).isSubsetOf(known);
    }

    @Test
    void theTemplateNamesOnlyWhatItHas() throws IOException {
        // Given
        JsonNode template = YAML.readTree(Files.readString(CLOUDWATCH));
        Set<String> names = new HashSet<>();
        template.get("Parameters").fieldNames().forEachRemaining(names::add);
        template.get("Resources").fieldNames().forEachRemaining(names::add);

        // Then
        assertThat(template.get("Resources").findValuesAsText("Ref"))
                .isNotEmpty()
                .isSubsetOf(names);
    }

    private static List<JsonNode> rules() throws IOException {
        List<JsonNode> rules = new ArrayList<>();
        YAML.readTree(Files.readString(PROMETHEUS))
                .get("groups")
                .forEach(group -> group.get("rules").forEach(rules::add));
        return rules;
    }
}
