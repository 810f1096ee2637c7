package dev.flashstock.api;

import static dev.flashstock.api.Problems.assertInvalid;
import static dev.flashstock.api.Problems.assertProblem;
import static dev.flashstock.api.Shop.anonymous;
import static dev.flashstock.api.Shop.as;
import static dev.flashstock.api.Shop.asAdmin;
import static dev.flashstock.api.Shop.newKey;
import static dev.flashstock.api.Shop.newProduct;
import static dev.flashstock.api.Shop.newProductWithStock;
import static dev.flashstock.api.Shop.newSku;
import static dev.flashstock.api.Shop.newUser;
import static dev.flashstock.api.Shop.product;
import static dev.flashstock.api.Shop.productWith;
import static dev.flashstock.api.Shop.put;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
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
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class BadInputTest {
    private static final String RESERVATIONS = "/products/{sku}/reservations";
    private static final int MAX_BYTES = 16 * 1024;

    @TestHTTPResource
    URI server;

    // Reservations

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"quantity\":0}              | quantity | Min",
                "{\"quantity\":-1}             | quantity | Min",
                "{\"quantity\":101}            | quantity | Max",
                "{\"quantity\":2147483648}     | quantity | Range",
                "{\"quantity\":99999999999999999999} | quantity | Range",
                "{\"quantity\":\"1\"}          | quantity | Type",
                "{\"quantity\":\"\"}           | quantity | Type",
                "{\"quantity\":1.5}            | quantity | Type",
                "{\"quantity\":1e2}            | quantity | Type",
                "{\"quantity\":true}           | quantity | Type",
                "{\"quantity\":[1]}            | quantity | Type",
                "{\"quantity\":{}}             | quantity | Type",
                "{\"quantity\":null}           | quantity | NotNull",
                "{}                            | quantity | NotNull",
                "{\"quantity\":1,\"x\":2}      | x        | Unknown"
            })
    void aReservationThatBreaksARuleIsRefused(String body, String field, String rule) {
        // When
        Response response = reserving().body(body).post(RESERVATIONS, "console");

        // Then
        assertInvalid(response, field, rule);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[]",
                "1",
                "\"quantity\"",
                "{\"quantity\":1}}",
                "{\"quantity\":1} {}",
                "{\"quantity\":1,\"quantity\":2}",
                "{'quantity':1}",
                "{\"quantity\":NaN}",
                "{\"quantity\":01}",
                "\u0000"
            })
    void aReservationThatIsNotJsonOfTheExpectedShapeIsRefused(String body) {
        // When
        Response response = reserving().body(body).post(RESERVATIONS, "console");

        // Then
        assertProblem(response, 400, "malformed-body");
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = "null")
    void aReservationWithoutABodyIsRefused(String body) {
        // Given
        RequestSpecification caller = reserving();

        // When
        Response response = (body == null ? caller : caller.body(body)).post(RESERVATIONS, "console");

        // Then
        assertInvalid(response, "body", "NotNull");
    }

    @ParameterizedTest
    @NullAndEmptySource
    void aReservationWithoutAKeyIsRefused(String key) {
        // Given
        RequestSpecification caller = as(newUser()).body(Map.of("quantity", 1));

        // When
        Response response =
                (key == null ? caller : caller.header("Idempotency-Key", key)).post(RESERVATIONS, "console");

        // Then
        assertInvalid(response, "Idempotency-Key", "Required");
    }

    @ParameterizedTest
    @MethodSource("badKeys")
    void aReservationWithABadKeyIsRefused(String key) {
        // When
        Response response = as(newUser())
                .header("Idempotency-Key", key)
                .body(Map.of("quantity", 1))
                .post(RESERVATIONS, "console");

        // Then
        assertInvalid(response, "Idempotency-Key", "Shape");
    }

    static String[] badKeys() {
        return new String[] {"k k", "tab\tin", "k".repeat(256), "schl\u00fcssel"};
    }

    @Test
    void theLongestKeyIsAccepted() {
        // Given
        String sku = newProductWithStock(1);
        String key = newKey();

        // When
        Response response = Shop.reserve(newUser(), sku, key + "k".repeat(255 - key.length()), 1);

        // Then
        assertThat(response.statusCode()).isEqualTo(201);
    }

    // Users and SKUs

    @ParameterizedTest
    @MethodSource("badUsers")
    void aUserThatCannotBeOneIsRefused(String user) {
        // When
        Response response = as(user).get("/reservations");

        // Then
        assertInvalid(response, "X-User", "Shape");
    }

    static String[] badUsers() {
        return new String[] {"", "tab\tin", "u".repeat(129), "u".repeat(4000)};
    }

    @Test
    void theLongestUserIsAccepted() {
        // Given
        String user = newUser();

        // When
        Response response = as(user + "u".repeat(128 - user.length())).get("/reservations");

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @MethodSource("badSkus")
    void aSkuThatCannotBeOneIsRefused(String sku) {
        // When
        Response response = given().urlEncodingEnabled(false).get("/products/" + sku + "/stock");

        // Then
        assertInvalid(response, "sku", "Shape");
    }

    static String[] badSkus() {
        return new String[] {
            "a%00b", "a%0Ab", "a%7Fb", "a%20b", "%20", "a%23b", "%C3%A4", "-a", ".a", "a%2Fb", "a".repeat(65)
        };
    }

    @Test
    void theLongestSkuIsAccepted() {
        // Given
        String sku = newSku();

        // When
        Response response = put(sku + "a".repeat(64 - sku.length()), product());

        // Then
        assertThat(response.statusCode()).isEqualTo(201);
    }

    // Products

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "name       | \"\"            | NotBlank",
                "name       | \" \"           | NotBlank",
                "name       | null            | NotBlank",
                "name       | 1               | Type",
                "name       | \"a\\u0000b\"   | Pattern",
                "name       | \"a\\nb\"       | Pattern",
                "priceMinor | -1              | Min",
                "priceMinor | 1000000000001   | Max",
                "priceMinor | 1.5             | Type",
                "priceMinor | \"1\"           | Type",
                "priceMinor | 99999999999999999999 | Range",
                "priceMinor | null            | NotNull",
                "currency   | \"E\"           | Pattern",
                "currency   | \"eur\"         | Pattern",
                "currency   | \"EUX\"         | Currency",
                "currency   | null            | NotNull",
                "status     | \"FOO\"         | Enum",
                "status     | 1               | Enum",
                "status     | null            | NotNull",
                "startsAt   | \"tomorrow\"    | Type",
                "startsAt   | 12345           | Type",
                "startsAt   | 1795770000      | Type",
                "startsAt   | 1795770000.5    | Type",
                "startsAt   | \"1795770000\" | Type",
                "startsAt   | \"\"          | Type",
                "startsAt   | {}              | Type",
                "startsAt   | \"2026-11-27T09:00:00\" | Type",
                "startsAt   | \"+1000000001-01-01T00:00:00Z\" | Type",
                "startsAt   | \"+1000000000-01-01T00:00:00Z\" | Range",
                "startsAt   | \"+100000-01-01T00:00:00Z\" | Range",
                "endsAt     | \"1999-12-31T23:59:59Z\" | Range",
                "shards     | 0               | Min",
                "shards     | 257             | Max",
                "holdSeconds | 0              | Min",
                "holdSeconds | 86401          | Max",
                "perUserLimit | 2             | Null",
                "colour     | \"red\"         | Unknown"
            })
    void aProductThatBreaksARuleIsRefused(String field, String value, String rule) {
        // Given
        String sku = newSku();
        String body = "{\"name\":\"x\",\"priceMinor\":1,\"currency\":\"EUR\",\"status\":\"DRAFT\"}"
                .replaceAll("\"" + field + "\":[^,}]+,?", "")
                .replaceAll(",?}$", "");

        // When
        Response response =
                asAdmin().body(body + ",\"" + field + "\":" + value + "}").put("/products/{sku}", sku);

        // Then
        assertInvalid(response, field, rule);
        assertThat(anonymous().get("/products/{sku}", sku).statusCode()).isEqualTo(404);
    }

    @Test
    void aSaleThatEndsBeforeItStartsIsRefused() {
        // Given
        Map<String, Object> product = productWith("startsAt", "2026-11-27T10:00:00Z");
        product.put("endsAt", "2026-11-27T10:00:00Z");

        // When
        Response response = put(newSku(), product);

        // Then
        assertInvalid(response, "endsAt", "After");
    }

    @Test
    void aNameThatIsTooLongIsRefused() {
        // When
        Response response = put(newSku(), productWith("name", "n".repeat(201)));

        // Then
        assertInvalid(response, "name", "Size");
    }

    @Test
    void allThatIsWrongIsTold() {
        // When
        Response response =
                asAdmin().body("{\"priceMinor\":-1,\"currency\":\"E\"}").put("/products/{sku}", newSku());

        // Then
        assertInvalid(response, "currency", "Pattern");
        assertThat(response.jsonPath().getList("errors.field", String.class))
                .containsExactly("currency", "name", "priceMinor", "status");
    }

    @ParameterizedTest
    @CsvSource({
        "status, FOO, status, Shape",
        "status, on_sale, status, Shape",
        "limit, 0, limit, Min",
        "limit, 101, limit, Max",
        "cursor, !, cursor, Shape",
        "cursor, LQ, cursor, Shape"
    })
    void aListThatCannotBeMadeIsRefused(String parameter, String value, String field, String rule) {
        // When
        Response response = anonymous().queryParam(parameter, value).get("/products");

        // Then
        assertInvalid(response, field, rule);
    }

    @ParameterizedTest
    @CsvSource({"/products, abc", "/products, 99999999999", "/products, 1.5", "/reservations, abc"})
    void aLimitThatIsNoNumberIsRefused(String path, String limit) {
        // When
        Response response = as(newUser()).queryParam("limit", limit).get(path);

        // Then
        assertProblem(response, 400, "invalid-request");
    }

    @ParameterizedTest
    @CsvSource({"limit, 0, Min", "limit, 101, Max", "cursor, !, Shape", "cursor, YQ, Shape"})
    void aListOfReservationsThatCannotBeMadeIsRefused(String parameter, String value, String rule) {
        // When
        Response response = as(newUser()).queryParam(parameter, value).get("/reservations");

        // Then
        assertInvalid(response, parameter, rule);
    }

    // Stock

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"delta\":0,\"reason\":\"DAMAGE\"}           | delta  | NotZero",
                "{\"delta\":1000000001,\"reason\":\"DELIVERY\"} | delta  | Max",
                "{\"delta\":-1000000001,\"reason\":\"DAMAGE\"} | delta  | Min",
                "{\"delta\":1.5,\"reason\":\"DELIVERY\"}       | delta  | Type",
                "{\"reason\":\"DELIVERY\"}                     | delta  | NotNull",
                "{\"delta\":1,\"reason\":\"FOO\"}              | reason | Enum",
                "{\"delta\":1,\"reason\":0}                    | reason | Enum",
                "{\"delta\":1,\"reason\":\"\"}                 | reason | Enum",
                "{\"delta\":1}                                 | reason | NotNull",
                "{\"delta\":1,\"reason\":\"DELIVERY\",\"x\":1} | x      | Unknown"
            })
    void anAdjustmentThatBreaksARuleIsRefused(String body, String field, String rule) {
        // Given
        String sku = newProduct();

        // When
        Response response =
                asAdmin().header("Idempotency-Key", newKey()).body(body).post("/products/{sku}/adjustments", sku);

        // Then
        assertInvalid(response, field, rule);
        assertThat(Shop.available(sku)).isZero();
    }

    @Test
    void anAdjustmentWithoutAKeyIsRefused() {
        // When
        Response response = asAdmin()
                .body(Map.of("delta", 1, "reason", "DELIVERY"))
                .post("/products/{sku}/adjustments", newProduct());

        // Then
        assertInvalid(response, "Idempotency-Key", "Required");
    }

    @Test
    void aConsistencyThatIsNotKnownIsRefused() {
        // When
        Response response = anonymous().queryParam("consistency", "weak").get("/products/{sku}/stock", newProduct());

        // Then
        assertInvalid(response, "consistency", "Enum");
    }

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
            strings = {"/", "/nothing", "/products/a/nothing", "/reservations/a/b/c", "/products/a/stock/shards/1"})
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
    @ValueSource(strings = {"foo", "a.b", "a.b.c", "%00", "console.AAAAAAAAAAAAAAAA.!!!!"})
    void anIdThatCannotBeOneIsNotThere(String id) {
        // When
        Response response =
                given().urlEncodingEnabled(false).header("X-User", newUser()).get("/reservations/" + id);

        // Then
        assertProblem(response, 404, "unknown-reservation");
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

    private static RequestSpecification reserving() {
        return as(newUser()).header("Idempotency-Key", newKey());
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
