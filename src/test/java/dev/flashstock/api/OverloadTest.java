package dev.flashstock.api;

import static dev.flashstock.api.Problems.assertProblem;
import static dev.flashstock.api.Shop.anonymous;
import static dev.flashstock.api.Shop.as;
import static dev.flashstock.api.Shop.asAdmin;
import static dev.flashstock.api.Shop.asOperator;
import static dev.flashstock.api.Shop.newKey;
import static dev.flashstock.api.Shop.newProductWithStock;
import static dev.flashstock.api.Shop.newUser;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("long")
@QuarkusTest
@TestProfile(OverloadTest.AHundred.class)
class OverloadTest {
    private static final int PLACES = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** A process that serves a hundred requests at once. */
    public static class AHundred implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("flashstock.limits.requests", String.valueOf(PLACES));
        }
    }

    @TestHTTPResource
    URI base;

    @Inject
    ConcurrencyLimit limit;

    private final List<Socket> open = new ArrayList<>();
    private int taken;

    @AfterEach
    void leave() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
        IntStream.range(0, taken).forEach(i -> limit.leave());
        await().atMost(PATIENCE).until(() -> limit.underWay() == 0);
    }

    /** A request leaves its place when its answer has gone, which whoever has it may not see yet. */
    private void take(int places) {
        await().atMost(PATIENCE).until(() -> limit.underWay() == 0);
        for (; taken < places; taken++) {
            assertThat(limit.enter(Precedence.DIRECT)).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "39, ''",
        "40, 'a diagnosis, a ledger, views'",
        "60, 'a diagnosis, a ledger, views, a product, a count'",
        "80, 'a diagnosis, a ledger, views, a product, a count, a reservation'",
        "100, 'a diagnosis, a ledger, views, a product, a count, a reservation, a reservation that waits, a change'"
    })
    void theFullerItIsTheMoreIsGivenUpInThisOrder(int places, String givenUp) {
        // Given
        String sku = newProductWithStock(10);
        Map<String, Supplier<Response>> requests = requests(sku);
        take(places);

        // When
        Map<String, Response> answers = new LinkedHashMap<>();
        requests.forEach((what, request) -> answers.put(what, request.get()));

        // Then
        List<String> refused = new ArrayList<>();
        answers.forEach((what, answer) -> {
            if (answer.statusCode() == 503) {
                assertProblem(answer, 503, "overloaded");
                assertThat(answer.header("Retry-After")).isEqualTo("1");
                refused.add(what);
            } else {
                assertThat(answer.statusCode()).as(what).isLessThan(300);
            }
        });
        assertThat(String.join(", ", refused)).isEqualTo(givenUp);
    }

    private static Map<String, Supplier<Response>> requests(String sku) {
        Map<String, Supplier<Response>> requests = new LinkedHashMap<>();
        requests.put("a diagnosis", () -> asOperator().get("/diagnosis"));
        requests.put("a ledger", () -> asOperator().get("/products/{sku}/ledger", sku));
        requests.put("views", () -> anonymous().get("/products/{sku}/views", sku));
        requests.put("a product", () -> anonymous().get("/products/{sku}", sku));
        requests.put("a count", () -> anonymous().get("/products/{sku}/stock?consistency=strong", sku));
        requests.put("a reservation", () -> reserve(sku));
        requests.put("a reservation that waits", () -> reserveAndWait(sku));
        requests.put(
                "a change",
                () -> asAdmin()
                        .header("Idempotency-Key", newKey())
                        .body(Map.of("delta", 1, "reason", "DELIVERY"))
                        .post("/products/{sku}/adjustments", sku));
        return requests;
    }

    private static Response reserve(String sku) {
        return as(newUser())
                .header("Idempotency-Key", newKey())
                .body("{\"quantity\":1}")
                .post(Shop.RESERVATIONS, sku);
    }

    private static Response reserveAndWait(String sku) {
        return as(newUser())
                .header("Idempotency-Key", newKey())
                .header("Prefer", "wait=10")
                .body("{\"quantity\":1}")
                .post(Shop.RESERVATIONS, sku);
    }

    @Test
    void aTotalIsToldAsItWasRememberedWhenThereIsTooMuchToDo() {
        // Given
        String sku = newProductWithStock(7);
        String first = anonymous().get("/products/{sku}/stock", sku).jsonPath().getString("asOf");
        reserveAndWait(sku).then().statusCode(201);
        take(60);

        // When
        Response answer = anonymous().get("/products/{sku}/stock", sku);

        // Then
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.jsonPath().getString("asOf")).isEqualTo(first);
    }

    @ParameterizedTest
    @CsvSource({"/q/health/ready", "/q/metrics"})
    void healthAndMetricsAreToldWhateverHappens(String path) {
        // Given
        take(PLACES);

        // When
        Response answer = anonymous().get(path);

        // Then
        assertThat(answer.statusCode()).isEqualTo(200);
    }

    @Test
    void theShoppersOfASkuHaveHalfOfThePlacesAtMost() throws IOException {
        // Given
        String crowded = newProductWithStock(10);
        String other = newProductWithStock(10);
        for (int i = 0; i < PLACES / 2; i++) {
            begin(crowded);
        }
        await().atMost(PATIENCE).until(() -> limit.underWay() == PLACES / 2);

        // When
        Response refused = reserveAndWait(crowded);
        Response held = reserveAndWait(other);

        // Then
        assertProblem(refused, 503, "overloaded");
        assertThat(held.statusCode()).isEqualTo(201);
    }

    @Test
    void whoGoesAwayLeavesItsPlace() throws IOException {
        // Given
        String sku = newProductWithStock(10);
        for (int i = 0; i < PLACES / 2; i++) {
            begin(sku);
        }
        await().atMost(PATIENCE).until(() -> limit.underWay() == PLACES / 2);

        // When
        for (Socket socket : open) {
            socket.close();
        }

        // Then
        await().atMost(PATIENCE).until(() -> limit.underWay() == 0);
        assertThat(reserveAndWait(sku).statusCode()).isEqualTo(201);
    }

    @Test
    void whoIsRefusedKeepsItsConnection() throws IOException {
        // Given
        take(PLACES);
        Socket connection = connect();
        String body = "{\"quantity\":1}";
        String request = head("console") + "Content-Length: " + body.length() + "\r\n\r\n" + body;

        // When
        connection.getOutputStream().write((request + request).getBytes(StandardCharsets.US_ASCII));

        // Then
        BufferedReader answers =
                new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
        for (int i = 0; i < 2; i++) {
            String status = answers.lines()
                    .filter(line -> line.contains("HTTP/1.1 "))
                    .findFirst()
                    .orElseThrow();
            assertThat(status).contains("HTTP/1.1 503");
        }
    }

    /** A request whose body does not come. */
    private void begin(String sku) throws IOException {
        connect()
                .getOutputStream()
                .write((head(sku) + "Content-Length: 14\r\n\r\n{").getBytes(StandardCharsets.US_ASCII));
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(base.getHost(), base.getPort());
        socket.setSoTimeout((int) PATIENCE.toMillis());
        open.add(socket);
        return socket;
    }

    private static String head(String sku) {
        return "POST /products/" + sku + "/reservations HTTP/1.1\r\nHost: localhost\r\nX-User: alice\r\n"
                + "Idempotency-Key: cart-1\r\nPrefer: wait=10\r\nContent-Type: application/json\r\n";
    }
}
