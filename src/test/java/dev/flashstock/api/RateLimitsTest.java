package dev.flashstock.api;

import static dev.flashstock.api.Problems.assertProblem;
import static dev.flashstock.api.Shop.anonymous;
import static dev.flashstock.api.Shop.as;
import static dev.flashstock.api.Shop.asServiceFor;
import static dev.flashstock.api.Shop.newKey;
import static dev.flashstock.api.Shop.newProductWithStock;
import static dev.flashstock.api.Shop.newUser;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tokens do not come back while a test looks. */
@Tag("long")
@QuarkusTest
@TestProfile(RateLimitsTest.Few.class)
class RateLimitsTest {
    private static final int OF_A_USER = 3;
    private static final int OF_AN_ADDRESS = 5;

    /** The proxy before the service is trusted: addresses are what it says. */
    public static class Few implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "flashstock.limits.user.every", "1h",
                    "flashstock.limits.user.burst", String.valueOf(OF_A_USER),
                    "flashstock.limits.address.every", "1h",
                    "flashstock.limits.address.burst", String.valueOf(OF_AN_ADDRESS),
                    "quarkus.http.proxy.proxy-address-forwarding", "true");
        }
    }

    private String sku;

    @BeforeEach
    void stockUp() {
        sku = newProductWithStock(100);
    }

    private static RequestSpecification from(String address, RequestSpecification request) {
        return request.header("X-Forwarded-For", address);
    }

    private Response reserve(RequestSpecification request) {
        return request.header("Idempotency-Key", newKey())
                .header("Prefer", "wait=10")
                .body("{\"quantity\":1}")
                .post(Shop.RESERVATIONS, sku);
    }

    private static List<Integer> statuses(Stream<Response> answers) {
        return answers.map(Response::statusCode).toList();
    }

    /** One that nobody else has here. */
    private static String newAddress() {
        return "2001:db8:" + UUID.randomUUID().toString().substring(0, 4) + ":"
                + UUID.randomUUID().toString().substring(0, 4) + "::1";
    }

    @Test
    void aUserHasSoManyReservationsAtOnceAndIsToldWhenToComeAgain() {
        // Given
        String user = newUser();
        Stream.generate(() -> reserve(from(newAddress(), as(user))))
                .limit(OF_A_USER)
                .forEach(it -> assertThat(it.statusCode()).isEqualTo(201));

        // When
        Response answer = reserve(from(newAddress(), as(user)));

        // Then
        assertProblem(answer, 429, "too-many-requests");
        int seconds = answer.jsonPath().getInt("retryAfterSeconds");
        assertThat(seconds).isBetween(1, 3_600);
        assertThat(answer.header("Retry-After")).isEqualTo(String.valueOf(seconds));
        assertThat(reserve(from(newAddress(), as(newUser()))).statusCode()).isEqualTo(201);
    }

    @Test
    void aUserWhoLikesCountsToo() {
        // Given
        String user = newUser();

        // When
        List<Integer> statuses =
                statuses(Stream.generate(() -> from(newAddress(), as(user)).put("/products/{sku}/likes", sku))
                        .limit(OF_A_USER + 1));

        // Then
        assertThat(statuses).containsExactly(204, 204, 204, 429);
    }

    @ParameterizedTest
    @CsvSource({"203.0.113.7, 203.0.113.8", "2001:db8:1:2::1, 2001:db8:1:3::1"})
    void anAddressHasSoManyWhoeverComesFromIt(String address, String neighbour) {
        // Given
        Stream.generate(() -> reserve(from(address, as(newUser()))))
                .limit(OF_AN_ADDRESS)
                .forEach(it -> assertThat(it.statusCode()).isEqualTo(201));

        // When
        Response answer = reserve(from(address, as(newUser())));
        Response other = reserve(from(neighbour, as(newUser())));

        // Then
        assertProblem(answer, 429, "too-many-requests");
        assertThat(other.statusCode()).isEqualTo(201);
    }

    @Test
    void theAddressesOfOneNetworkAreOne() {
        // When
        List<Integer> statuses = statuses(Stream.iterate(1, i -> i + 1)
                .map(i -> reserve(from("2001:db8:7:7::" + i, as(newUser()))))
                .limit(OF_AN_ADDRESS + 1));

        // Then
        assertThat(statuses).containsExactly(201, 201, 201, 201, 201, 429);
    }

    @Test
    void aServiceComesFromOneAddressForManyUsers() {
        // When
        List<Integer> statuses = statuses(Stream.generate(() -> reserve(from("203.0.113.99", asServiceFor(newUser()))))
                .limit(OF_AN_ADDRESS + 3));

        // Then
        assertThat(statuses).containsOnly(201);
    }

    @Test
    void viewsFromAnAddressAreLimited() {
        // Given
        String address = newAddress();

        // When
        List<Integer> statuses =
                statuses(Stream.generate(() -> from(address, anonymous()).post("/products/{sku}/views", sku))
                        .limit(OF_AN_ADDRESS + 1));

        // Then
        assertThat(statuses).containsExactly(204, 204, 204, 204, 204, 429);
    }

    @ParameterizedTest
    @CsvSource({"unknown", "'not, an, address'", "abc:def", "[::1]:80"})
    void anAddressThatIsNoneIsOneToo(String address) {
        // When
        Response answer = reserve(from(address, as(newUser())));

        // Then
        assertThat(answer.statusCode()).isIn(201, 429);
    }
}
