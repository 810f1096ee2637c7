package dev.flashstock.api;

import static dev.flashstock.api.Shop.newProductWithStock;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With short times, few connections and a storefront of another origin. */
@Tag("long")
@QuarkusTest
@TestProfile(SlowRequestsTest.Impatient.class)
class SlowRequestsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String SHOP = "https://shop.example";
    private static final String POST = "POST /products/console/reservations HTTP/1.1\r\n"
            + "Host: shop\r\nX-User: alice\r\nIdempotency-Key: one\r\nContent-Type: application/json\r\n";

    public static class Impatient implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "quarkus.http.idle-timeout", "3s",
                    "quarkus.http.limits.max-connections", "40",
                    "flashstock.http.body-timeout", "4s",
                    "quarkus.http.cors.enabled", "true",
                    "quarkus.http.cors.origins", SHOP);
        }
    }

    @TestHTTPResource
    URI server;

    private final List<Socket> sockets = new ArrayList<>();

    @AfterEach
    void hangUp() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    // Requests that do not end

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "GET /products HTTP/1.1\r\nHost: shop\r\nX-Half",
                POST + "Content-Length: 14\r\n\r\n{\"quanti",
                POST + "Transfer-Encoding: chunked\r\n\r\n8\r\n{\"quanti\r\n"
            })
    void whoSendsHalfARequestAndNoMoreIsCutOff(String half) throws IOException {
        // Given
        Socket socket = connect();

        // When
        socket.getOutputStream().write(half.getBytes(StandardCharsets.UTF_8));

        // Then
        await().atMost(PATIENCE).until(() -> isCutOff(socket));
    }

    @Test
    void whoSendsABodyByteByByteIsCutOffThoughNeverIdle() throws IOException {
        // Given
        Socket socket = connect();
        socket.getOutputStream().write((POST + "Content-Length: 16000\r\n\r\n").getBytes(StandardCharsets.UTF_8));
        AtomicInteger sent = new AtomicInteger();

        // Then
        await().pollInterval(Duration.ofMillis(200)).atMost(PATIENCE).until(() -> {
            try {
                socket.getOutputStream().write(' ');
                sent.incrementAndGet();
            } catch (IOException e) {
                return true;
            }
            return isCutOff(socket);
        });
        assertThat(sent.get()).isLessThan(16_000);
    }

    @Test
    void aStreamOfEventsStaysOpenForLongerThanAnIdleConnection() throws IOException {
        // Given
        String sku = newProductWithStock(1);
        Socket socket = connect();

        // When
        socket.getOutputStream()
                .write(("GET /products/" + sku + "/stock/events HTTP/1.1\r\nHost: shop\r\n\r\n")
                        .getBytes(StandardCharsets.UTF_8));

        // Then
        await().during(Duration.ofSeconds(8)).atMost(PATIENCE).until(() -> !isCutOff(socket));
    }

    @Test
    void thereAreNoMoreConnectionsThanAreAllowed() throws IOException {
        // When
        for (int i = 0; i < 60; i++) {
            connect();
        }

        // Then
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(sockets.stream().filter(this::isCutOff).count())
                                .isGreaterThanOrEqualTo(20));
        await().atMost(PATIENCE).until(() -> sockets.stream().allMatch(this::isCutOff));
        assertThat(given().get("/products").statusCode()).isEqualTo(200);
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(server.getHost(), server.getPort());
        socket.setSoTimeout(50);
        sockets.add(socket);
        return socket;
    }

    private boolean isCutOff(Socket socket) {
        try {
            InputStream in = socket.getInputStream();
            return in.read(new byte[4_096]) < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    // A storefront in a browser

    @ParameterizedTest
    @CsvSource({"GET,if-none-match", "POST,'authorization,content-type,idempotency-key,prefer'", "DELETE,authorization"
    })
    void aPreflightOfTheStorefrontIsAnswered(String method, String headers) {
        // When
        Response response = given().header("Origin", SHOP)
                .header("Access-Control-Request-Method", method)
                .header("Access-Control-Request-Headers", headers)
                .options("/products/console/reservations");

        // Then
        assertThat(response.statusCode()).isIn(200, 204);
        assertThat(response.header("Access-Control-Allow-Origin")).isEqualTo(SHOP);
        assertThat(response.header("Access-Control-Allow-Methods")).contains(method);
        for (String header : headers.split(",")) {
            assertThat(response.header("Access-Control-Allow-Headers")).containsIgnoringCase(header);
        }
        assertThat(response.header("Access-Control-Max-Age")).isEqualTo("3600");
    }

    @Test
    void theStorefrontReadsTheHeadersThatItNeeds() {
        // When
        Response response = given().header("Origin", SHOP).get("/products");

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.header("Access-Control-Allow-Origin")).isEqualTo(SHOP);
        for (String header : List.of("location", "retry-after", "preference-applied", "etag", "x-request-id", "age")) {
            assertThat(response.header("Access-Control-Expose-Headers")).containsIgnoringCase(header);
        }
    }

    @Test
    void anotherOriginIsNotAllowed() {
        // When
        Response preflight = given().header("Origin", "https://evil.example")
                .header("Access-Control-Request-Method", "POST")
                .options("/products/console/reservations");

        // Then
        assertThat(preflight.statusCode()).isEqualTo(403);
        assertThat(preflight.header("Access-Control-Allow-Origin")).isNull();
    }
}
