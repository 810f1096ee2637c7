package dev.flashstock.api;

import static dev.flashstock.api.Problems.assertInvalid;
import static dev.flashstock.api.Problems.assertProblem;
import static dev.flashstock.api.Shop.as;
import static dev.flashstock.api.Shop.asServiceFor;
import static dev.flashstock.api.Shop.confirm;
import static dev.flashstock.api.Shop.hold;
import static dev.flashstock.api.Shop.newProductWithStock;
import static dev.flashstock.api.Shop.newUser;
import static dev.flashstock.api.Shop.together;
import static dev.flashstock.api.Shop.token;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a reservation was paid, as whoever confirms it says. */
@QuarkusTest
class PaymentTest {
    private final String user = newUser();
    private String location;

    @BeforeEach
    void takeAUnit() {
        location = hold(user, newProductWithStock(1), 1);
    }

    @Test
    void aConfirmationMaySayHowItWasPaid() {
        // When
        Response response = confirm(user, location, "pi_123");

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.jsonPath().getString("status")).isEqualTo("CONFIRMED");
        assertThat(response.jsonPath().getString("paymentReference")).isEqualTo("pi_123");
        assertThat(as(user).get(location).asString()).isEqualTo(response.asString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"paymentReference\":null}", "null", ""})
    void itNeedNotSay(String body) {
        // When
        Response response = asServiceFor(user).body(body).post(location + "/confirmation");

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.asString()).contains("CONFIRMED").doesNotContain("paymentReference");
    }

    @Test
    void itNeedsNoBody() {
        // When
        Response response = given().header("Authorization", "Bearer " + token("storefront", "service"))
                .header("X-User", user)
                .noContentType()
                .post(location + "/confirmation");

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.asString()).contains("CONFIRMED").doesNotContain("paymentReference");
    }

    @Test
    void theSamePaymentASecondTimeChangesNothing() {
        // Given
        String first = confirm(user, location, "pi_123").asString();

        // When
        Response same = confirm(user, location, "pi_123");
        Response nothingSaid = confirm(user, location);

        // Then
        assertThat(List.of(same, nothingSaid)).extracting(Response::statusCode).containsOnly(200);
        assertThat(List.of(same, nothingSaid)).extracting(Response::asString).containsOnly(first);
    }

    @Test
    void anotherPaymentIsRefused() {
        // Given
        confirm(user, location, "pi_123");

        // When
        Response response = confirm(user, location, "pi_124");

        // Then
        assertProblem(response, 409, "paid-otherwise");
        assertThat(response.jsonPath().getString("reservationStatus")).isEqualTo("CONFIRMED");
        assertThat(as(user).get(location).jsonPath().getString("paymentReference"))
                .isEqualTo("pi_123");
    }

    @Test
    void aPaymentThatIsToldTooLateIsRefused() {
        // Given
        confirm(user, location);

        // When
        Response response = confirm(user, location, "pi_123");

        // Then
        assertProblem(response, 409, "paid-otherwise");
        assertThat(as(user).get(location).asString()).doesNotContain("paymentReference");
    }

    @Test
    void ofTwoPaymentsAtTheSameTimeOneIsTaken() {
        // When
        List<Response> responses = together(8, i -> confirm(user, location, "pi_" + i % 2));

        // Then
        String taken = as(user).get(location).jsonPath().getString("paymentReference");
        assertThat(taken).isIn("pi_0", "pi_1");
        assertThat(responses)
                .filteredOn(it -> it.statusCode() == 200)
                .hasSize(4)
                .extracting(it -> it.jsonPath().getString("paymentReference"))
                .containsOnly(taken);
        assertThat(responses)
                .filteredOn(it -> it.statusCode() != 200)
                .allSatisfy(it -> assertProblem(it, 409, "paid-otherwise"));
    }

    @Test
    void theLongestReferenceIsAccepted() {
        // Given
        String longest = "~".repeat(255);

        // When
        Response response = confirm(user, location, longest);

        // Then
        assertThat(response.jsonPath().getString("paymentReference")).isEqualTo(longest);
    }

    @ParameterizedTest
    @MethodSource("badReferences")
    void aReferenceThatBreaksARuleIsRefused(String reference) {
        // When
        Response response = confirm(user, location, reference);

        // Then
        assertInvalid(response, "paymentReference", "Pattern");
        assertThat(as(user).get(location).jsonPath().getString("status")).isEqualTo("HELD");
    }

    static String[] badReferences() {
        return new String[] {"", " ", "a b", "tab\tin", "a\n", "z\u00e4h", "r".repeat(256)};
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"paymentReference\":1}    | paymentReference | Type",
                "{\"paymentReference\":[]}   | paymentReference | Type",
                "{\"payment\":\"pi_123\"}    | payment          | Unknown"
            })
    void aConfirmationThatBreaksARuleIsRefused(String body, String field, String rule) {
        // When
        Response response = asServiceFor(user).body(body).post(location + "/confirmation");

        // Then
        assertInvalid(response, field, rule);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "[]", "1", "\"pi_123\""})
    void aConfirmationThatIsNotJsonOfTheExpectedShapeIsRefused(String body) {
        // When
        Response response = asServiceFor(user).body(body).post(location + "/confirmation");

        // Then
        assertProblem(response, 400, "malformed-body");
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/xml", "application/x-www-form-urlencoded"})
    void aBodyThatIsNotJsonByItsOwnWordIsNotSupported(String contentType) {
        // When
        Response response = asServiceFor(user)
                .contentType(contentType)
                .body("paymentReference=pi_123")
                .post(location + "/confirmation");

        // Then
        assertProblem(response, 415, "unsupported-media-type");
        assertThat(as(user).get(location).jsonPath().getString("status")).isEqualTo("HELD");
    }
}
