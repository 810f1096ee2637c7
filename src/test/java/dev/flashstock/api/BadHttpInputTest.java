package dev.flashstock.api;

import static dev.flashstock.api.Problems.assertProblem;
import static dev.flashstock.api.Shop.RESERVATIONS;
import static dev.flashstock.api.Shop.anonymous;
import static dev.flashstock.api.Shop.as;
import static dev.flashstock.api.Shop.asAdmin;
import static dev.flashstock.api.Shop.available;
import static dev.flashstock.api.Shop.newKey;
import static dev.flashstock.api.Shop.newProductWithStock;
import static dev.flashstock.api.Shop.newSku;
import static dev.flashstock.api.Shop.newUser;
import static dev.flashstock.api.Shop.reserving;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class BadHttpInputTest {
    private static final int MAX_BYTES = 16 * 1024;

    @TestHTTPResource
    URI server;

    // Sizes

    @Test
    void aBodyThatSaysThatItIsTooLargeIsRefused() {
        // When
        Response response = reserving().body(" ".repeat(MAX_BYTES) + "{").post(RESERVATIONS, "console");

        // Then
        assertProblem(response, 413, "body-too-large");
    }

    @ParameterizedTest
    @ValueSource(ints = {MAX_BYTES + 1, 20_000, 63_000, 100_000})
    void aBodyThatDoesNotSayThatItIsTooLargeIsRefused(int bytes) {
        // When
        String response = send(chunked(bytes));

        // Then
        assertThat(response)
                .startsWith("HTTP/1.1 413 ")
                .containsIgnoringCase("content-type: application/problem+json")
                .contains("https://flashstock.dev/problems/body-too-large");
    }

    @Test
    void aBodyOfTheLargestSizeIsRead() {
        // When
        String response = send(chunked(MAX_BYTES));

        // Then
        assertThat(response).startsWith("HTTP/1.1 404 ").contains("https://flashstock.dev/problems/unknown-sku");
    }

    // What HTTP itself refuses

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/nothing",
                "/page/nothing.js",
                "/shop",
                "/products/a/nothing",
                "/reservations/a/b/c",
                "/products/a/stock/shards/1"
            })
    void aPathThatIsNotThereIsNotFound(String path) {
        // When
        Response response = as(newUser()).get(path);

        // Then
        assertProblem(response, 404, "not-found");
    }

    @ParameterizedTest
    @CsvSource({"PATCH, /products", "POST, /products/a", "PUT, /reservations/a", "GET, /reservations/a/confirmation"})
    void aMethodThatIsNotThereIsNotAllowed(String method, String path) {
        // When
        Response response = as(newUser()).request(method, path);

        // Then
        assertProblem(response, 405, "method-not-allowed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/html", "application/xml"})
    void aFormThatCannotBeHadIsNotAcceptable(String accept) {
        // When
        Response response = anonymous().accept(accept).get("/products");

        // Then
        assertProblem(response, 406, "not-acceptable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/xml", "application/x-www-form-urlencoded"})
    void aBodyThatIsNotJsonByItsOwnWordIsNotSupported(String contentType) {
        // When
        Response response = given().header("X-User", newUser())
                .header("Idempotency-Key", newKey())
                .contentType(contentType)
                .body("{\"quantity\":1}")
                .post(RESERVATIONS, "console");

        // Then
        assertProblem(response, 415, "unsupported-media-type");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Accept: ", "Accept: a", "Content-Type: ", "Content-Type: application/json, text/plain"})
    void aMediaTypeThatCannotBeReadIsRefused(String header) {
        // When
        String response = send("GET /products/" + newSku()
                + "/ledger HTTP/1.1\r\nHost: shop\r\nConnection: close\r\nX-User: operator\r\n" + header + "\r\n\r\n");

        // Then
        assertThat(response).startsWith("HTTP/1.1 400 ").contains("https://flashstock.dev/problems/invalid-request");
    }

    @Test
    void whatIsRefusedForItsMediaTypeIsNotDone() {
        // Given
        String sku = newProductWithStock(7);

        // When
        Response response = asAdmin()
                .header("Idempotency-Key", newKey())
                .header("Accept", "")
                .body(Map.of("delta", 1, "reason", "DELIVERY"))
                .post("/products/{sku}/adjustments", sku);

        // Then
        assertProblem(response, 400, "invalid-request");
        assertThat(available(sku)).isEqualTo(7);
    }

    @Test
    void aRequestWithoutAHostIsRefused() {
        // When
        String response = send("GET /products HTTP/1.1\r\nConnection: close\r\n\r\n");

        // Then
        assertThat(response)
                .startsWith("HTTP/1.1 400 ")
                .contains("https://flashstock.dev/problems/invalid-request")
                .doesNotContain("Exception");
    }

    @Test
    void aPathThatCannotBeReadIsRefused() {
        // When
        String response = send("GET /products/a%zz/stock HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n");

        // Then
        // Quarkus answers before any code of ours, without a document.
        assertThat(response).startsWith("HTTP/1.1 400 ").doesNotContain("Exception");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0000", "\u0001", "\u007f"})
    void aControlCharacterInAHeaderIsRefused(String control) {
        // When
        String response = send(
                "GET /reservations HTTP/1.1\r\nHost: shop\r\nConnection: close\r\nX-User: a" + control + "b\r\n\r\n");

        // Then
        assertThat(response).startsWith("HTTP/1.1 400 ").doesNotContain("Exception");
    }

    // Request ids

    @ParameterizedTest
    @ValueSource(strings = {"/products", "/products/no-such-product", "/nothing", "/reservations"})
    void aSaneRequestIdComesBack(String path) {
        // When
        Response response = anonymous().header("X-Request-Id", "trace-4711").get(path);

        // Then
        assertThat(response.header("X-Request-Id")).isEqualTo("trace-4711");
    }

    @ParameterizedTest
    @MethodSource("insaneRequestIds")
    void aRequestIdThatIsNotSaneIsReplaced(String id) {
        // When
        Response response = anonymous().header("X-Request-Id", id).get("/products");

        // Then
        assertThat(response.header("X-Request-Id")).matches("[0-9a-f-]{36}").isNotEqualTo(id);
    }

    static String[] insaneRequestIds() {
        return new String[] {"", "a b", "<script>", "a\tb", "i".repeat(65)};
    }

    @Test
    void aRequestWithoutAnIdGetsOne() {
        // When
        Response response = anonymous().get("/products");

        // Then
        assertThat(response.header("X-Request-Id")).matches("[0-9a-f-]{36}");
    }

    @Test
    void aRefusedBodyHasARequestIdToo() {
        // When
        Response response = reserving()
                .header("X-Request-Id", "trace-4711")
                .body(" ".repeat(MAX_BYTES) + "{")
                .post(RESERVATIONS, "console");

        // Then
        assertThat(response.header("X-Request-Id")).isEqualTo("trace-4711");
    }

    /** A reservation of a product that is not there, with a body of so many bytes whose length is not told. */
    private static String chunked(int bytes) {
        String json = "{\"quantity\":1}";
        return "POST /products/" + newSku() + "/reservations HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n"
                + "X-User: bob\r\nIdempotency-Key: k\r\nContent-Type: application/json\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(bytes) + "\r\n"
                + " ".repeat(bytes - json.length()) + json + "\r\n0\r\n\r\n";
    }

    /** Sends what no HTTP client would. */
    private String send(String request) {
        try (Socket socket = new Socket(server.getHost(), server.getPort())) {
            socket.setSoTimeout((int) Duration.ofSeconds(20).toMillis());
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
