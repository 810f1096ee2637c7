package dev.flashstock.api;

import static dev.flashstock.api.Problems.assertInvalid;
import static dev.flashstock.api.Problems.assertProblem;
import static dev.flashstock.api.Shop.RESERVATIONS;
import static dev.flashstock.api.Shop.as;
import static dev.flashstock.api.Shop.newKey;
import static dev.flashstock.api.Shop.newProductWithStock;
import static dev.flashstock.api.Shop.newUser;
import static dev.flashstock.api.Shop.reserving;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class BadReservationInputTest {
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

    // Users

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

    // Lists and ids

    @ParameterizedTest
    @CsvSource({"limit, 0, Range", "limit, 101, Range", "cursor, !, Shape", "cursor, YQ, Shape"})
    void aListOfReservationsThatCannotBeMadeIsRefused(String parameter, String value, String rule) {
        // When
        Response response = as(newUser()).queryParam(parameter, value).get("/reservations");

        // Then
        assertInvalid(response, parameter, rule);
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
}
