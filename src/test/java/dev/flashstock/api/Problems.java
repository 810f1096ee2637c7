package dev.flashstock.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.response.Response;

/** What tests expect of every problem document. */
public final class Problems {
    private static final String BASE = "https://flashstock.dev/problems/";

    private Problems() {}

    public static void assertProblem(Response response, int status, String type) {
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(status);
        assertThat(response.contentType()).startsWith("application/problem+json");
        assertThat(response.jsonPath().getString("type")).isEqualTo(BASE + type);
        assertThat(response.jsonPath().getInt("status")).isEqualTo(status);
        assertThat(response.jsonPath().getString("title")).isNotBlank();
        assertThat(response.jsonPath().getString("detail")).isNotBlank();
        assertThat(response.asString())
                .doesNotContain("Exception", "\tat ", "dev.flashstock.api", "com.fasterxml", "io.quarkus");
    }

    public static void assertInvalid(Response response, String field, String rule) {
        assertProblem(response, 400, "invalid-request");
        assertThat(response.jsonPath().getString("errors[0].field")).isEqualTo(field);
        assertThat(response.jsonPath().getString("errors[0].rule")).isEqualTo(rule);
        assertThat(response.jsonPath().getString("errors[0].message")).isNotBlank();
    }
}
