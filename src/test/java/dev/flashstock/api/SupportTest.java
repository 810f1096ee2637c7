package dev.flashstock.api;

import static dev.flashstock.api.Problems.assertInvalid;
import static dev.flashstock.api.Problems.assertProblem;
import static dev.flashstock.api.Shop.as;
import static dev.flashstock.api.Shop.asAdmin;
import static dev.flashstock.api.Shop.asOperator;
import static dev.flashstock.api.Shop.available;
import static dev.flashstock.api.Shop.awaitOutcome;
import static dev.flashstock.api.Shop.buy;
import static dev.flashstock.api.Shop.enqueue;
import static dev.flashstock.api.Shop.hold;
import static dev.flashstock.api.Shop.idOf;
import static dev.flashstock.api.Shop.newKey;
import static dev.flashstock.api.Shop.newProductWithStock;
import static dev.flashstock.api.Shop.newUser;
import static dev.flashstock.api.Shop.release;
import static dev.flashstock.api.Shop.reserve;
import static dev.flashstock.api.Shop.together;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flashstock.dynamodb.DynamoDbConfig;
import dev.flashstock.dynamodb.DynamoDbLedger;
import dev.flashstock.inventory.LedgerTable;
import dev.flashstock.stock.Movement;
import dev.flashstock.stock.Sku;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** Any user's reservations, for those who help users. */
@QuarkusTest
class SupportTest {
    private static final String LIST = "/users/{user}/reservations";
    private static final String ONE = LIST + "/{id}";
    private static final String RELEASE = ONE + "/release";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String user = newUser();

    @Inject
    Expiring expiring;

    @Inject
    DynamoDbAsyncClient client;

    @Inject
    DynamoDbConfig config;

    // Looking up

    @Test
    void anOperatorSeesWhatTheUserSees() {
        // Given
        String sku = newProductWithStock(10);
        String location = hold(user, sku, 3);
        hold(newUser(), sku, 1);

        // When
        Response one = asOperator().get(ONE, user, idOf(location));
        Response all = asOperator().get(LIST, user);

        // Then
        assertThat(one.statusCode()).isEqualTo(200);
        assertThat(one.asString()).isEqualTo(as(user).get(location).asString());
        assertThat(all.statusCode()).isEqualTo(200);
        assertThat(all.asString()).isEqualTo(as(user).get("/reservations").asString());
        assertThat(all.jsonPath().getList("items")).hasSize(1);
    }

    @Test
    void anAdminSeesItToo() {
        // Given
        String location = hold(user, newProductWithStock(10), 3);

        // When
        Response one = asAdmin().get(ONE, user, idOf(location));
        Response all = asAdmin().get(LIST, user);

        // Then
        assertThat(List.of(one, all)).extracting(Response::statusCode).containsOnly(200);
    }

    @Test
    void aUsersReservationsComeInPages() {
        // Given
        String sku = newProductWithStock(10);
        List<String> ids = IntStream.range(0, 3)
                .mapToObj(i -> idOf(hold(user, sku, 1)))
                .sorted()
                .toList();

        // When
        JsonPath first = asOperator().queryParam("limit", 2).get(LIST, user).jsonPath();
        JsonPath second = asOperator()
                .queryParam("limit", 2)
                .queryParam("cursor", first.getString("next"))
                .get(LIST, user)
                .jsonPath();

        // Then
        assertThat(first.getList("items.id", String.class)).isEqualTo(ids.subList(0, 2));
        assertThat(second.getList("items.id", String.class)).isEqualTo(ids.subList(2, 3));
        assertThat(second.getString("next")).isNull();
    }

    @Test
    void whoHasNoReservationsHasAnEmptyList() {
        // When
        Response response = asOperator().get(LIST, newUser());

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.asString()).isEqualTo("{\"items\":[],\"next\":null}");
    }

    @Test
    void anotherUsersReservationIsNotThere() {
        // Given
        String id = idOf(hold(user, newProductWithStock(10), 3));

        // When
        Response looked = asOperator().get(ONE, newUser(), id);
        Response released = force(newUser(), id, "fraud");

        // Then
        assertProblem(looked, 404, "unknown-reservation");
        assertProblem(released, 404, "unknown-reservation");
        assertThat(asOperator().get(ONE, user, id).jsonPath().getString("status"))
                .isEqualTo("HELD");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Zoë Müller", "用户#1", "a/b", "auth0|17", "100%", "a+b", "a?b&c"})
    void usersAreNamedAsTheirTokensNameThem(String name) {
        // Given
        String odd = name + newUser();
        Response held = Shop.bearing(Shop.token(odd, "shopper"))
                .header("Idempotency-Key", newKey())
                .header("Prefer", "wait=10")
                .body(Map.of("quantity", 1))
                .post(Shop.RESERVATIONS, newProductWithStock(1));

        // When
        Response all = asOperator().get(LIST, odd);
        Response one = asOperator().get(ONE, odd, held.jsonPath().getString("id"));

        // Then
        assertThat(held.statusCode()).isEqualTo(201);
        assertThat(one.asString()).isEqualTo(held.asString());
        assertThat(all.jsonPath().getList("items.user", String.class)).containsExactly(odd);
    }

    // Releasing

    @Test
    void anAdminReleasesByForceAndTheLedgerTellsWhy() {
        // Given
        String sku = newProductWithStock(10);
        String location = hold(user, sku, 3);

        // When
        Response response = force(user, idOf(location), "fraud, case 17: Käufer unbekannt");

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.jsonPath().getString("status")).isEqualTo("RELEASED");
        assertThat(as(user).get(location).asString()).isEqualTo(response.asString());
        assertThat(available(sku)).isEqualTo(10);
        assertThat(releases(sku)).singleElement().satisfies(line -> {
            assertThat(line.units()).isEqualTo(3);
            assertThat(line.by()).hasToString("admin");
            assertThat(line.reason()).isEqualTo("fraud, case 17: Käufer unbekannt");
            assertThat(line.reservation().user()).hasToString(user);
        });
    }

    @Test
    void aSecondTimeNothingChanges() {
        // Given
        String sku = newProductWithStock(10);
        String id = idOf(hold(user, sku, 3));
        String first = force(user, id, "fraud").asString();

        // When
        Response response = force(user, id, "another reason");

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.asString()).isEqualTo(first);
        assertThat(available(sku)).isEqualTo(10);
        assertThat(releases(sku)).extracting(Movement.Line::reason).containsExactly("fraud");
    }

    @Test
    void ofUserAndAdminAtTheSameTimeOneReleases() {
        // Given
        String sku = newProductWithStock(10);
        String location = hold(user, sku, 3);

        // When
        List<Response> responses =
                together(8, i -> i % 2 == 0 ? release(user, location) : force(user, idOf(location), "fraud"));

        // Then
        assertThat(responses).extracting(Response::statusCode).containsOnly(200);
        assertThat(available(sku)).isEqualTo(10);
        assertThat(releases(sku)).hasSize(1);
    }

    @Test
    void whatIsSoldIsNotReleased() {
        // Given
        String sku = newProductWithStock(10);
        String location = buy(user, sku, 3);

        // When
        Response response = force(user, idOf(location), "fraud");

        // Then
        assertProblem(response, 409, "wrong-state");
        assertThat(response.jsonPath().getString("reservationStatus")).isEqualTo("CONFIRMED");
        assertThat(available(sku)).isEqualTo(7);
    }

    @Test
    void whatHasExpiredStaysExpired() {
        // Given
        String sku = newProductWithStock(10);
        String location = hold(user, sku, 3);
        expiring.expire(user, location);

        // When
        Response response = force(user, idOf(location), "fraud");

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.jsonPath().getString("status")).isEqualTo("EXPIRED");
        assertThat(available(sku)).isEqualTo(10);
    }

    @Test
    void whatWasRejectedStaysRejected() {
        // Given
        String location = enqueue(user, newProductWithStock(1), newKey(), 2).header("Location");
        awaitOutcome(user, location);

        // When
        Response response = force(user, idOf(location), "fraud");

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.jsonPath().getString("status")).isEqualTo("REJECTED");
    }

    @Test
    void whatWasReleasedByForceIsSoldToAnother() {
        // Given
        String sku = newProductWithStock(3);
        force(user, idOf(hold(user, sku, 3)), "fraud");

        // When
        Response response = reserve(newUser(), sku, 3);

        // Then
        assertThat(response.statusCode()).isEqualTo(201);
    }

    // Bad input

    @ParameterizedTest
    @MethodSource("badUsers")
    void aUserThatCannotBeOneIsRefused(String path) {
        // When
        Response looked =
                given().urlEncodingEnabled(false).header("X-User", "operator").get("/users/" + path + "/reservations");

        // Then
        assertInvalid(looked, "user", "Shape");
    }

    static String[] badUsers() {
        return new String[] {"%20", "a%00b", "a%0Ab", "tab%09in", "a%E2%80%A8b", "u".repeat(129)};
    }

    @ParameterizedTest
    @ValueSource(strings = {"foo", "a.b.c", "console.AAAAAAAAAAAAAAAA.!!!!"})
    void anIdThatCannotBeOneIsNotThere(String id) {
        // When
        Response looked = asOperator().get(ONE, user, id);
        Response released = force(user, id, "fraud");

        // Then
        assertProblem(looked, 404, "unknown-reservation");
        assertProblem(released, 404, "unknown-reservation");
    }

    @ParameterizedTest
    @CsvSource({"limit, 0, Range", "limit, 101, Range", "limit, abc, Range", "cursor, !, Shape", "cursor, YQ, Shape"})
    void aListThatCannotBeMadeIsRefused(String parameter, String value, String rule) {
        // When
        Response response = asOperator().queryParam(parameter, value).get(LIST, user);

        // Then
        assertInvalid(response, parameter, rule);
    }

    @ParameterizedTest
    @MethodSource("badReasons")
    void aReasonThatBreaksARuleIsRefused(String reason) {
        // Given
        String sku = newProductWithStock(10);
        String id = idOf(hold(user, sku, 3));

        // When
        Response response = force(user, id, reason);

        // Then
        assertInvalid(response, "reason", "Shape");
        assertThat(available(sku)).isEqualTo(7);
    }

    static String[] badReasons() {
        return new String[] {"", " ", "two\nlines", "tab\tin", "\u0085", "r".repeat(201)};
    }

    @Test
    void theLongestReasonIsAccepted() {
        // Given
        String sku = newProductWithStock(10);
        String longest = "ä".repeat(200);

        // When
        Response response = force(user, idOf(hold(user, sku, 3)), longest);

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(releases(sku)).extracting(Movement.Line::reason).containsExactly(longest);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{}                            | reason | NotNull",
                "{\"reason\":null}             | reason | NotNull",
                "{\"reason\":1}                | reason | Type",
                "{\"reason\":\"x\",\"by\":\"y\"} | by     | Unknown",
                "null                          | body   | NotNull"
            })
    void aReleaseThatBreaksARuleIsRefused(String body, String field, String rule) {
        // Given
        String id = idOf(hold(user, newProductWithStock(10), 3));

        // When
        Response response = asAdmin().body(body).post(RELEASE, user, id);

        // Then
        assertInvalid(response, field, rule);
        assertThat(asAdmin().get(ONE, user, id).jsonPath().getString("status")).isEqualTo("HELD");
    }

    private static Response force(String user, String id, String reason) {
        return asAdmin().body(Map.of("reason", reason)).post(RELEASE, user, id);
    }

    /** What the ledger says of units that were given back; a test may begin in one hour and end in the next. */
    private List<Movement.Line> releases(String sku) {
        LedgerTable ledger = new DynamoDbLedger(client, config.table());
        Sku whose = new Sku(sku);
        Instant now = Instant.now();
        return ledger.hours(whose, now.minus(Duration.ofHours(1)), now, 2).await().atMost(PATIENCE).stream()
                .flatMap(hour -> IntStream.range(0, LedgerTable.BUCKETS)
                        .mapToObj(bucket -> ledger.movements(whose, hour, bucket, null, 100)
                                .await()
                                .atMost(PATIENCE))
                        .flatMap(List::stream))
                .flatMap(movement -> movement.lines().stream())
                .filter(line -> line.kind() == Movement.Kind.RELEASE)
                .toList();
    }
}
