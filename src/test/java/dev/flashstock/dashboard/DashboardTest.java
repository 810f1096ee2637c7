package dev.flashstock.dashboard;

import static dev.flashstock.api.Shop.anonymous;
import static dev.flashstock.api.Shop.as;
import static dev.flashstock.api.Shop.asAdmin;
import static dev.flashstock.api.Shop.asOperator;
import static dev.flashstock.api.Shop.bearing;
import static dev.flashstock.api.Shop.newKey;
import static dev.flashstock.api.Shop.newProductWithStock;
import static dev.flashstock.api.Shop.newUser;
import static dev.flashstock.api.Shop.reserve;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

@QuarkusTest
class DashboardTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();

    @TestHTTPResource("/")
    URI base;

    /** An event as it was read. */
    private record Event(String id, JsonNode data) {
        List<Instant> moments() {
            return StreamSupport.stream(data.path("moments").spliterator(), false)
                    .map(it -> Instant.parse(it.path("at").asText()))
                    .toList();
        }

        JsonNode last() {
            JsonNode moments = data.path("moments");
            return moments.path(moments.size() - 1);
        }
    }

    /** The first events of a stream, which is left then. */
    private List<Event> events(int number, String path, String known) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path)).header("X-User", "operator");
        if (known != null) {
            request.header("Last-Event-ID", known);
        }
        try (Stream<String> lines = HttpClient.newHttpClient()
                .send(request.build(), HttpResponse.BodyHandlers.ofLines())
                .body()) {
            List<Event> events = new ArrayList<>();
            String id = "";
            for (Iterator<String> it = lines.iterator(); events.size() < number && it.hasNext(); ) {
                String line = it.next();
                if (line.startsWith("id:")) {
                    id = line.substring("id:".length());
                } else if (line.startsWith("data:")) {
                    events.add(new Event(id, JSON.readTree(line.substring("data:".length()))));
                }
            }
            return events;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException("The test has ended", e);
        }
    }

    @Test
    void whoLooksIsToldOncePerSecondWhatThereIs() {
        // When
        List<Event> events = events(3, "dashboard/events", null);

        // Then
        assertThat(events.get(1).moments()).hasSize(1);
        assertThat(events.get(2).moments()).hasSize(1);
        assertThat(events.get(2).moments().get(0))
                .isAfter(events.get(1).moments().get(0));
        assertThat(events.get(2).last().path("pods").asInt()).isPositive();
        assertThat(events.get(2).data().path("pod").asText()).isNotEmpty();
        assertThat(events.get(2).data().path("diagnosis").path("status").asText())
                .isNotEmpty();
    }

    @Test
    void whatIsLeftOfWhatIsOnSaleIsToldWhenItCouldBeReadInTime() {
        // Given
        newProductWithStock(30);

        // When
        await().atMost(PATIENCE).untilAsserted(() -> {
            JsonNode products =
                    events(1, "dashboard/events", null).get(0).last().path("products");

            // Then
            assertThat(products).isNotEmpty().allSatisfy(product -> {
                assertThat(product.path("sku").asText()).isNotEmpty();
                assertThat(product.path("available").isIntegralNumber()).isTrue();
            });
        });
    }

    @Test
    void whoComesAgainIsToldWhatItHasMissed() {
        // Given
        Event last = events(1, "dashboard/events", null).get(0);
        Instant known = last.moments().get(last.moments().size() - 1);
        await().atMost(PATIENCE)
                .until(() -> events(1, "dashboard/events", null).get(0).moments().stream()
                                .filter(it -> it.isAfter(known))
                                .count()
                        >= 2);

        // When
        Event missed = events(1, "dashboard/events", last.id()).get(0);

        // Then
        assertThat(missed.moments()).hasSizeBetween(2, 5).doesNotContainAnyElementsOf(last.moments());
        assertThat(missed.moments()).isSorted();
        assertThat(missed.moments().get(0)).isAfter(Instant.ofEpochMilli(Long.parseLong(last.id())));
    }

    @Test
    void whatIsNoMomentIsNoneThatIsKnown() {
        // When
        Event event = events(1, "dashboard/events", "yesterday").get(0);

        // Then
        assertThat(event.moments()).isNotEmpty();
    }

    @Test
    void whoKnowsWhatIsStillToComeComesFromAnotherClockAndIsToldWhatThereIs() {
        // When
        String future = String.valueOf(Instant.now().plusSeconds(3_600).toEpochMilli());
        List<Event> events = events(2, "dashboard/events", future);

        // Then
        assertThat(events.get(0).moments()).isNotEmpty().allMatch(it -> it.isBefore(Instant.now()));
        assertThat(events.get(1).moments()).hasSize(1);
    }

    @Test
    void theShardsOfAProductAreToldWithTheirLevelsAndTheirHeat() {
        // Given
        String sku = newProductWithStock(30, 3);

        // When
        await().atMost(PATIENCE).untilAsserted(() -> {
            reserve(newUser(), sku, newKey(), 1);
            List<Event> events = events(2, "dashboard/events?sku=" + sku, null);

            // Then
            assertThat(events).hasSize(2);
            Event event = events.get(1);
            assertThat(event.data().path("levels")).hasSize(3);
            assertThat(StreamSupport.stream(event.last().path("shards").spliterator(), false))
                    .anySatisfy(shard -> {
                        assertThat(shard.path("sku").asText()).isEqualTo(sku);
                        assertThat(shard.path("writes").asDouble()).isPositive();
                    });
        });
    }

    @Test
    void ofWhatIsNoProductThereAreNoLevels() {
        // When
        Event event =
                events(1, "dashboard/events?sku=nothing-of-that-name", null).get(0);

        // Then
        assertThat(event.data().path("levels").isNull()).isTrue();
    }

    @Test
    void whatIsNoSkuIsRefused() {
        // When
        Response response = asOperator().get("/dashboard/events?sku={sku}", "no sku!");

        // Then
        assertThat(response.statusCode()).isEqualTo(400);
    }

    @Test
    void whoAsksIsToldWhoItIsAndWhatItMaySee() {
        // When
        Response nobody = anonymous().get("/dashboard");
        Response somebody = bearing("not.a.token").get("/dashboard");
        Response shopper = as(newUser()).get("/dashboard");
        Response operator = asOperator().get("/dashboard");
        Response admin = asAdmin().get("/dashboard");

        // Then
        assertThat(nobody.jsonPath().getString("user")).isNull();
        assertThat(nobody.jsonPath().getString("signIn")).isEqualTo("NAME");
        assertThat(nobody.jsonPath().getBoolean("rehearsals")).isTrue();
        assertThat(somebody.jsonPath().getString("user")).isNull();
        assertThat(shopper.jsonPath().getList("roles")).isEmpty();
        assertThat(operator.jsonPath().getList("roles")).isEqualTo(List.of("operator"));
        assertThat(admin.jsonPath().getList("roles")).isEqualTo(List.of("admin"));
        assertThat(admin.header("Cache-Control")).isEqualTo("no-store");
    }
}
