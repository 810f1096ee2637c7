package dev.flashstock.api;

import static dev.flashstock.api.Problems.assertProblem;
import static dev.flashstock.api.Shop.adjust;
import static dev.flashstock.api.Shop.anonymous;
import static dev.flashstock.api.Shop.as;
import static dev.flashstock.api.Shop.hold;
import static dev.flashstock.api.Shop.idOf;
import static dev.flashstock.api.Shop.newKey;
import static dev.flashstock.api.Shop.newProductWithStock;
import static dev.flashstock.api.Shop.newSku;
import static dev.flashstock.api.Shop.newUser;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

@QuarkusTest
class EventsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TestHTTPResource("/")
    URI base;

    /** A stream as it is read, line by line. */
    private record Reading(HttpResponse<?> response, List<String> lines, CompletableFuture<Void> ended) {
        List<String> data() {
            return lines.stream()
                    .filter(it -> it.startsWith("data:"))
                    .map(it -> it.substring("data:".length()).strip())
                    .toList();
        }
    }

    private Reading read(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path)).header("Accept", "text/event-stream");
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        List<String> lines = new CopyOnWriteArrayList<>();
        HttpResponse<Stream<String>> response = HttpClient.newHttpClient()
                .sendAsync(request.build(), HttpResponse.BodyHandlers.ofLines())
                .join();
        CompletableFuture<Void> ended =
                CompletableFuture.runAsync(() -> response.body().forEach(lines::add));
        return new Reading(response, lines, ended);
    }

    @Test
    void whoFollowsStockIsToldNowAndWheneverItChanges() {
        // Given
        String sku = newProductWithStock(10);

        // When
        Reading reading = read("products/" + sku + "/stock/events");
        await().atMost(PATIENCE).until(() -> reading.data().size() == 1);
        hold(newUser(), sku, 3);
        await().atMost(PATIENCE).until(() -> reading.data().size() == 2);
        adjust(sku, 5);

        // Then
        await().atMost(PATIENCE).until(() -> reading.data().size() == 3);
        assertThat(reading.data().get(0)).contains("\"available\":10");
        assertThat(reading.data().get(1)).contains("\"available\":7");
        assertThat(reading.data().get(2)).contains("\"available\":12");
        assertThat(reading.lines()).contains("event:stock", "id:12", "retry:1000");
        assertThat(reading.response().statusCode()).isEqualTo(200);
        assertThat(reading.response().headers().firstValue("Content-Type"))
                .hasValueSatisfying(it -> assertThat(it).startsWith("text/event-stream"));
        assertThat(reading.response().headers().firstValue("Cache-Control")).hasValue("no-store");
    }

    @Test
    void whoComesAgainIsToldWhatItDoesNotKnowAndThatTheStreamIsAlive() {
        // Given
        String sku = newProductWithStock(10);

        // When
        Reading reading = read("products/" + sku + "/stock/events", "Last-Event-ID", "10");
        await().atMost(PATIENCE).until(() -> reading.lines().contains(":alive"));
        List<String> before = reading.data();
        hold(newUser(), sku, 1);

        // Then
        assertThat(before).isEmpty();
        await().atMost(PATIENCE).until(() -> reading.data().size() == 1);
        assertThat(reading.data().get(0)).contains("\"available\":9");
    }

    @Test
    void whatIsNoProductCannotBeFollowed() {
        // When
        Response response = anonymous().accept("text/event-stream").get("/products/{sku}/stock/events", newSku());

        // Then
        assertProblem(response, 404, "unknown-sku");
    }

    @Test
    void whoWasAnswered202IsToldTheOutcomeAndTheStreamEnds() {
        // Given
        String sku = newProductWithStock(10);
        String user = newUser();
        Response accepted = as(user).header("Idempotency-Key", newKey())
                .contentType(ContentType.JSON)
                .body("{\"quantity\":2}")
                .post("/products/{sku}/reservations", sku);
        String id = accepted.jsonPath().getString("id");

        // When
        Reading reading = read("reservations/" + id + "/events", "X-User", user);

        // Then
        assertThat(accepted.statusCode()).isEqualTo(202);
        assertThat(reading.ended()).succeedsWithin(PATIENCE);
        assertThat(reading.data()).isNotEmpty();
        assertThat(reading.data().get(reading.data().size() - 1)).contains("\"status\":\"HELD\"", "\"quantity\":2");
        assertThat(reading.lines()).contains("event:reservation", "id:HELD");
    }

    @Test
    void whatSomebodyElseHasAskedForCannotBeFollowed() {
        // Given
        String sku = newProductWithStock(10);
        String id = idOf(hold(newUser(), sku, 1));

        // When
        Response response = as(newUser()).accept("text/event-stream").get("/reservations/{id}/events", id);

        // Then
        assertProblem(response, 404, "unknown-reservation");
    }

    @Test
    void whoAsksForTheHeadOfAStreamGoesOnOnItsConnection() throws IOException {
        // Given
        String sku = newProductWithStock(1);
        String id = idOf(hold("alice", sku, 1));
        String heads = Stream.of("/products/" + sku + "/stock/events", "/reservations/" + id + "/events")
                .map(path -> "HEAD " + path + " HTTP/1.1\r\nHost: shop\r\nX-User: alice\r\n\r\n")
                .collect(Collectors.joining());
        String last = "GET /products/" + sku + " HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n";

        // When
        List<String> statuses;
        try (Socket socket = new Socket(base.getHost(), base.getPort())) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.getOutputStream().write((heads + last).getBytes(StandardCharsets.US_ASCII));
            statuses = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))
                    .lines()
                    .filter(line -> line.startsWith("HTTP/1.1"))
                    .toList();
        }

        // Then
        assertThat(statuses).containsExactly("HTTP/1.1 200 OK", "HTTP/1.1 200 OK", "HTTP/1.1 200 OK");
    }
}
