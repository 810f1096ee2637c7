package dev.flashstock.api;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.restassured.config.EncoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** What tests do with uploads of adjustments. */
final class Uploads {
    static final String NDJSON = "application/x-ndjson";
    static final String CSV = "text/csv";

    private static final ObjectMapper JSON = new ObjectMapper();

    private Uploads() {}

    /** An admin about to send a file. */
    static RequestSpecification sending(String type) {
        return sendingAs("admin", type);
    }

    static RequestSpecification sendingAs(String user, String type) {
        EncoderConfig asItIs = EncoderConfig.encoderConfig().appendDefaultContentCharsetToContentTypeIfUndefined(false);
        return given().config(RestAssuredConfig.config().encoderConfig(asItIs))
                .header("X-User", user)
                .contentType(type);
    }

    static Response upload(String type, String key, String file) {
        return sending(type).header("Idempotency-Key", key).body(bytes(file)).post("/adjustments");
    }

    static byte[] bytes(String file) {
        return file.getBytes(StandardCharsets.UTF_8);
    }

    static String file(String... lines) {
        return String.join("\n", lines) + "\n";
    }

    static String line(String sku, long delta) {
        return "{\"sku\":\"" + sku + "\",\"delta\":" + delta + ",\"reason\":\"" + reason(delta) + "\"}";
    }

    static String line(String sku, long delta, String key) {
        return line(sku, delta).replace("}", ",\"key\":\"" + key + "\"}");
    }

    private static String reason(long delta) {
        return delta > 0 ? "DELIVERY" : "DAMAGE";
    }

    /** An answer's lines, the summary last. */
    static List<Map<String, Object>> answers(Response response) {
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(200);
        assertThat(response.contentType()).startsWith(NDJSON);
        return response.asString().lines().map(Uploads::parsed).toList();
    }

    static Map<String, Object> parsed(String line) {
        try {
            return JSON.readValue(line, new TypeReference<>() {});
        } catch (JsonProcessingException e) {
            throw new AssertionError(line, e);
        }
    }

    static List<Integer> statuses(List<Map<String, Object>> answers) {
        return answers.stream()
                .limit(answers.size() - 1L)
                .map(answer -> (Integer) answer.get("status"))
                .toList();
    }

    static Map<String, Object> summary(List<Map<String, Object>> answers) {
        return answers.get(answers.size() - 1);
    }

    static Map<String, Object> summary(long lines, long done, long failed) {
        return Map.of("lines", (int) lines, "done", (int) done, "failed", (int) failed);
    }

    /** The type of a line's problem, its last word. */
    static String problem(Map<String, Object> answer) {
        Map<?, ?> problem = (Map<?, ?>) answer.get("problem");
        assertThat(problem).as(answer.toString()).isNotNull();
        assertThat(problem.get("status")).isEqualTo(answer.getOrDefault("status", problem.get("status")));
        return String.valueOf(problem.get("type")).replace("https://flashstock.dev/problems/", "");
    }

    /** The first field that a line's problem names, and the rule that it breaks. */
    static String error(Map<String, Object> answer) {
        assertThat(problem(answer)).isEqualTo("invalid-request");
        List<?> errors = (List<?>) ((Map<?, ?>) answer.get("problem")).get("errors");
        Map<?, ?> first = (Map<?, ?>) errors.get(0);
        return first.get("field") + " " + first.get("rule");
    }
}
