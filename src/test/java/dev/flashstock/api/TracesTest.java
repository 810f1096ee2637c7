package dev.flashstock.api;

import static dev.flashstock.api.Collector.attribute;
import static dev.flashstock.api.Collector.hex;
import static dev.flashstock.api.Shop.as;
import static dev.flashstock.api.Shop.asOperator;
import static dev.flashstock.api.Shop.asServiceFor;
import static dev.flashstock.api.Shop.asking;
import static dev.flashstock.api.Shop.awaitOutcome;
import static dev.flashstock.api.Shop.enqueue;
import static dev.flashstock.api.Shop.newKey;
import static dev.flashstock.api.Shop.newProductWithStock;
import static dev.flashstock.api.Shop.newUser;
import static dev.flashstock.api.Shop.reserve;
import static dev.flashstock.api.Shop.together;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a collector is told when traces are switched on. */
@QuarkusTest
@TestProfile(TracesTest.Recorded.class)
class TracesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String TRANSACTION = "TransactWriteItems flashstock-test";
    private static final String RESERVE = "POST /products/{sku}/reservations";

    /** As an operator does it, but all are recorded, and told soon. */
    public static class Recorded implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "quarkus.otel.sdk.disabled", "false",
                    "quarkus.otel.traces.sampler.arg", "1.0",
                    "quarkus.otel.bsp.schedule.delay", "50ms");
        }

        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(Collector.class));
        }
    }

    List<byte[]> exported;
    Semaphore answers;

    private final String user = newUser();

    private List<Span> spans() {
        return Collector.spans(exported);
    }

    /** Spans of a name, each after those that it is within. */
    private Stream<List<Span>> paths(String name) {
        List<Span> spans = spans();
        Map<ByteString, Span> byId =
                spans.stream().collect(Collectors.toMap(Span::getSpanId, span -> span, (span, again) -> span));
        return spans.stream().filter(it -> it.getName().equals(name)).map(last -> {
            LinkedList<Span> path = new LinkedList<>();
            for (Span span = last; span != null; span = byId.get(span.getParentSpanId())) {
                path.addFirst(span);
            }
            return path;
        });
    }

    private Stream<List<Span>> transactions(String sku) {
        return paths(TRANSACTION).filter(it -> attribute(it.get(0), "url.path").contains(sku + "/reservations"));
    }

    /** The spans from the request to the transaction, once they are all there. */
    private List<Span> awaitTransaction(String sku, int spans) {
        return await().atMost(PATIENCE)
                .until(() -> transactions(sku).filter(it -> it.size() == spans).findFirst(), Optional::isPresent)
                .get();
    }

    private static List<String> names(List<Span> spans) {
        return spans.stream().map(Span::getName).toList();
    }

    private static List<SpanKind> kinds(List<Span> spans) {
        return spans.stream().map(Span::getKind).toList();
    }

    @Test
    void aBufferedReservationIsOneTraceFromTheRequestToTheTransaction() {
        // Given
        String sku = newProductWithStock(10);

        // When
        Response response = enqueue(user, sku, newKey(), 1);

        // Then
        assertThat(response.statusCode()).isEqualTo(202);
        List<Span> path = awaitTransaction(sku, 4);
        assertThat(names(path))
                .containsExactly(
                        RESERVE,
                        "send flashstock-test-reservations",
                        "process flashstock-test-reservations",
                        TRANSACTION);
        assertThat(kinds(path))
                .containsExactly(
                        SpanKind.SPAN_KIND_SERVER,
                        SpanKind.SPAN_KIND_PRODUCER,
                        SpanKind.SPAN_KIND_CONSUMER,
                        SpanKind.SPAN_KIND_CLIENT);
        assertThat(path).extracting(Span::getTraceId).containsOnly(path.get(0).getTraceId());
        assertThat(attribute(path.get(2), "flashstock.reservation.status")).isEqualTo("HELD");
    }

    @Test
    void aReservationThatIsWaitedForIsOneTraceToo() {
        // Given
        String sku = newProductWithStock(10);

        // When
        Response response = reserve(user, sku, 1);

        // Then
        assertThat(response.statusCode()).isEqualTo(201);
        List<Span> path = awaitTransaction(sku, 2);
        assertThat(names(path)).containsExactly(RESERVE, TRANSACTION);
        assertThat(attribute(path.get(1), "db.operation.batch.size")).isEqualTo("4");
    }

    /** Who of a crowd shares a transaction is chance, that some do is not. */
    @Test
    void aTransactionForManyIsSeenFromTheTraceOfEach() {
        // Given
        String sku = newProductWithStock(1_000, 1);

        // When
        Span shared = await().atMost(PATIENCE)
                .until(
                        () -> {
                            together(20, i -> reserve(newUser(), sku, 1));
                            return sharedTransaction(sku);
                        },
                        Optional::isPresent)
                .get();

        // Then
        Span.Link other = shared.getLinks(0);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(spans())
                        .anySatisfy(request -> {
                            assertThat(request.getSpanId()).isEqualTo(other.getSpanId());
                            assertThat(request.getTraceId())
                                    .isEqualTo(other.getTraceId())
                                    .isNotEqualTo(shared.getTraceId());
                            assertThat(request.getName()).isEqualTo(RESERVE);
                        })
                        .anySatisfy(beside -> {
                            assertThat(beside.getParentSpanId()).isEqualTo(other.getSpanId());
                            assertThat(beside.getName()).isEqualTo("shared " + TRANSACTION);
                            assertThat(beside.getLinks(0).getSpanId()).isEqualTo(shared.getSpanId());
                        }));
    }

    private Optional<Span> sharedTransaction(String sku) {
        return transactions(sku)
                .map(it -> it.get(it.size() - 1))
                .filter(it -> it.getLinksCount() > 0)
                .findFirst();
    }

    @Test
    void whatIsReadFirstIsInItsRequestsTrace() {
        // When
        as(user).get("/reservations").then().statusCode(200);

        // Then
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(paths("Query flashstock-test"))
                        .extracting(TracesTest::names)
                        .contains(List.of("GET /reservations", "Query flashstock-test")));
    }

    @Test
    void nobodyIsNamed() {
        // Given
        String sku = newProductWithStock(10);
        String key = newKey();

        // When
        Response response = asServiceFor(user)
                .header("Idempotency-Key", key)
                .header("X-Forwarded-For", "192.0.2.7")
                .header("User-Agent", "telephone of " + user)
                .body(Map.of("quantity", 1))
                .post(Shop.RESERVATIONS + "?whoever=" + user, sku);
        awaitOutcome(user, response.header("Location"));
        asOperator().get("/users/{user}/reservations", user).then().statusCode(200);
        asOperator().urlEncodingEnabled(false).get("/%75sers/" + user + "/reservations");
        asOperator().urlEncodingEnabled(false).get("//users/" + user);

        // Then
        awaitTransaction(sku, 4);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(spans())
                        .filteredOn(it -> attribute(it, "url.path").equals("/users/REDACTED"))
                        .hasSize(3));
        String all = exported.stream()
                .map(it -> new String(it, StandardCharsets.ISO_8859_1))
                .collect(Collectors.joining());
        assertThat(all).contains(sku).doesNotContain(user, key, "Bearer", "192.0.2.7", "127.0.0.1");
    }

    @Test
    void aCallerDoesNotChooseTheTrace() {
        // Given
        String sku = newProductWithStock(10);
        String chosen = "0123456789abcdef0123456789abcdef";

        // When
        asking(user, newKey(), 1)
                .header("traceparent", "00-" + chosen + "-0123456789abcdef-01")
                .post(Shop.RESERVATIONS, sku);

        // Then
        assertThat(hex(awaitTransaction(sku, 4).get(0).getTraceId())).isNotEqualTo(chosen);
    }

    @Test
    void probesAndThePageAreNotTraced() {
        // Given
        String sku = newProductWithStock(10);

        // When
        as(user).get("/q/health/live").then().statusCode(200);
        as(user).get("/q/metrics").then().statusCode(200);
        as(user).get("/").then().statusCode(200);
        reserve(user, sku, 1);

        // Then
        awaitTransaction(sku, 2);
        assertThat(spans()).extracting(it -> attribute(it, "url.path")).noneMatch(it -> it.matches("/|/q/.*"));
    }

    @Test
    void nobodyWaitsForACollectorThatDoesNotAnswer() {
        // Given
        String sku = newProductWithStock(100);
        answers.acquireUninterruptibly();

        try {
            // When
            List<Integer> statuses =
                    together(50, i -> reserve(newUser(), sku, 1).statusCode());

            // Then
            assertThat(statuses).containsOnly(201);
        } finally {
            answers.release();
        }
    }
}
