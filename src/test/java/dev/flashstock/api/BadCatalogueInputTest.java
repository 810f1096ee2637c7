package dev.flashstock.api;

import static dev.flashstock.api.Problems.assertInvalid;
import static dev.flashstock.api.Shop.anonymous;
import static dev.flashstock.api.Shop.as;
import static dev.flashstock.api.Shop.asAdmin;
import static dev.flashstock.api.Shop.newKey;
import static dev.flashstock.api.Shop.newProduct;
import static dev.flashstock.api.Shop.newSku;
import static dev.flashstock.api.Shop.newUser;
import static dev.flashstock.api.Shop.product;
import static dev.flashstock.api.Shop.productWith;
import static dev.flashstock.api.Shop.put;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@QuarkusTest
class BadCatalogueInputTest {
    // SKUs

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
                "perUserLimit | 0             | Min",
                "perUserLimit | -1            | Min",
                "perUserLimit | 10001         | Max",
                "perUserLimit | 99999999999   | Range",
                "perUserLimit | \"2\"         | Type",
                "perUserLimit | \"two\"       | Type",
                "perUserLimit | 1.5           | Type",
                "perUserLimit | {}            | Type",
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

    // Lists

    @ParameterizedTest
    @CsvSource({
        "status, FOO, status, Enum",
        "status, on_sale, status, Enum",
        "limit, 0, limit, Range",
        "limit, 101, limit, Range",
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
        assertInvalid(response, "limit", "Range");
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
}
