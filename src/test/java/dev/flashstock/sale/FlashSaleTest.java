package dev.flashstock.sale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flashstock.sqs.ReservationConsumer;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** A thousand shoppers want 700 units. */
@Tag("long")
@QuarkusTest
class FlashSaleTest {
    private static final int SHOPPERS = 1_000;
    private static final int UNITS = 700;
    /** Who waits keeps a connection to the table, and the embedded one answers a few hundred a second. */
    private static final int FEW_SHOPPERS = 200;

    private static final int FEW_UNITS = 140;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TestHTTPResource("/")
    URI base;

    @Inject
    DynamoDbAsyncClient client;

    @Inject
    ReservationConsumer consumer;

    @ConfigProperty(name = "flashstock.dynamodb.table")
    String table;

    private final String sku = "console-" + UUID.randomUUID();
    private Crowd crowd;

    @BeforeEach
    void stockUp() {
        crowd = new Crowd(base, user -> new String[] {"X-User", user});
        crowd.put(
                "/products/" + sku,
                "admin",
                "{\"name\":\"Game console\",\"priceMinor\":49900,\"currency\":\"EUR\",\"status\":\"ON_SALE\",\"shards\":10}");
        restock(UNITS);
    }

    private void restock(int delta) {
        crowd.post(
                "/products/" + sku + "/adjustments",
                "admin",
                "restock-" + delta,
                "{\"delta\":" + delta + ",\"reason\":\"CORRECTION\"}");
    }

    @Test
    void buffered_requests_all_get_a_final_state_and_every_unit_is_sold_once() {
        // When
        List<Crowd.Answer> answers = crowd.everybody(SHOPPERS, this::reserve);

        // Then
        assertThat(answers).extracting(Crowd.Answer::status).containsOnly(202);
        assertSoldOutExactly(answers);
    }

    @Test
    void a_consumer_that_stops_half_way_and_starts_again_loses_and_doubles_nothing() {
        // Given
        crowd.everybody(SHOPPERS / 2, this::reserve);
        await().atMost(PATIENCE).until(() -> units().held() > 0);

        // When
        consumer.stop().await().atMost(PATIENCE);
        List<Crowd.Answer> answers = crowd.everybody(SHOPPERS, this::reserve); // half of them once more
        Books halfWay = units();
        long queued = crowd.statuses(locations(answers)).getOrDefault("QUEUED", 0L);
        consumer.start();

        // Then
        assertThat(halfWay.balance()).isTrue();
        assertThat(queued).isPositive();
        assertSoldOutExactly(answers);
    }

    @Test
    void waiting_and_buffered_requests_together_sell_every_unit_once() {
        // Given
        restock(FEW_UNITS - UNITS);

        // When
        List<Crowd.Answer> answers = crowd.everybody(
                FEW_SHOPPERS, (it, user) -> user.hashCode() % 2 == 0 ? reserve(it, user) : reserveAndWait(it, user));

        // Then
        assertThat(answers)
                .extracting(Crowd.Answer::status)
                .isSubsetOf(201, 202, 409)
                .contains(201, 202);
        await().atMost(PATIENCE).until(() -> units().held() == FEW_UNITS);
        assertThat(units()).isEqualTo(new Books(FEW_UNITS, 0, FEW_UNITS, 0));
    }

    private CompletableFuture<Crowd.Answer> reserve(Crowd crowd, String user) {
        return crowd.postLater("/products/" + sku + "/reservations", user, "cart-1", "{\"quantity\":1}");
    }

    private CompletableFuture<Crowd.Answer> reserveAndWait(Crowd crowd, String user) {
        return crowd.postLater(
                "/products/" + sku + "/reservations", user, "cart-1", "{\"quantity\":1}", "Prefer", "wait=10");
    }

    private void assertSoldOutExactly(List<Crowd.Answer> answers) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(crowd.statuses(locations(answers)))
                        .isEqualTo(Map.of("HELD", (long) UNITS, "REJECTED", (long) SHOPPERS - UNITS)));
        assertThat(units()).isEqualTo(new Books(UNITS, 0, UNITS, 0));
        assertThat(crowd.get("/products/" + sku + "/stock?consistency=strong", "anybody")
                        .body()
                        .path("available")
                        .asLong())
                .isZero();
    }

    private static List<String> locations(List<Crowd.Answer> answers) {
        return answers.stream().map(Crowd.Answer::location).toList();
    }

    private Books units() {
        return Books.of(client, table, sku);
    }
}
