package dev.flashstock.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flashstock.api.StockView;
import dev.flashstock.local.faults.Wire;
import dev.flashstock.local.rehearsal.Storefront;
import dev.flashstock.stock.Sku;
import io.quarkus.arc.properties.IfBuildProperty;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a read from memory costs beside a constant in the same process, over HTTP and at full speed in turns; and how soon
 * a thousand subscribers are told of a sale.
 */
@QuarkusTest
@TestProfile(ReadBenchmark.WithConstant.class)
class ReadBenchmark {
    private static final int SHARDS = 10;
    private static final int UNITS = 10_000;

    private static final int CONNECTIONS = 8;
    private static final int PIPELINED = 8;
    private static final int TURNS = 8;
    /** The first turns let the JIT compile. */
    private static final int WARM_UP_TURNS = 3;

    private static final Duration TURN = Duration.ofSeconds(5);

    private static final int SUBSCRIBERS = 1_000;
    private static final int SALES = 20;
    private static final Duration BETWEEN_SALES = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What every read is compared with. */
    public static final class WithConstant implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("flashstock.bench.constant", "true");
        }
    }

    /** Answers with the same stock for ever, in the same shape and by the same means as the real resource. */
    @Path("/constant")
    @IfBuildProperty(name = "flashstock.bench.constant", stringValue = "true")
    public static class ConstantResource {
        private static final StockView STOCK =
                new StockView("console", 700, Instant.parse("2026-11-21T00:00:00Z"), "pod");

        /** The constant. */
        @GET
        public Uni<StockView> constant() {
            return Uni.createFrom().item(STOCK);
        }

        /** The constant, as it is found under a name. */
        @GET
        @Path("/{sku}/stock")
        public Uni<StockView> constant(@PathParam("sku") Sku sku) {
            return Uni.createFrom().item(STOCK);
        }
    }

    @TestHTTPResource("/")
    URI base;

    private final Sku sku = new Sku("bench-" + UUID.randomUUID());
    private final Vertx vertx = Vertx.vertx();
    private Storefront storefront;

    @BeforeEach
    void stockUp() {
        storefront = new Storefront(base);
        var product = Wire.MAPPER
                .createObjectNode()
                .put("name", "Game console")
                .put("priceMinor", 49900)
                .put("currency", "EUR");
        storefront
                .stockCopy(product, sku.value(), SHARDS, UNITS)
                .toCompletableFuture()
                .join();
    }

    @AfterEach
    void end() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    // Reads

    @Test
    void reads_beside_a_constant() {
        Map<String, String> ways = new LinkedHashMap<>();
        ways.put("a constant", "/constant");
        ways.put("stock, from memory", "/products/" + sku + "/stock");
        ways.put("a constant of a product", "/constant/" + sku + "/stock");
        ways.put("stock, not modified", "/products/" + sku + "/stock");
        Map<String, double[]> perSecond = new LinkedHashMap<>();
        for (int turn = 0; turn < TURNS; turn++) {
            for (Map.Entry<String, String> way : ways.entrySet()) {
                double rate = fullSpeed(way.getValue(), way.getKey().endsWith("modified") ? "W/\"" + UNITS + "\"" : "");
                perSecond.computeIfAbsent(way.getKey(), any -> new double[TURNS])[turn] = rate;
            }
        }
        double constant = median(perSecond.get("a constant"));
        System.out.printf("%n%-24s %14s %14s  %s%n", "", "a second", "of a constant", "turns");
        perSecond.forEach((way, turns) -> System.out.printf(
                "%-24s %14.0f %14.2f  %s%n", way, median(turns), median(turns) / constant, rounded(turns)));
    }

    private static double median(double[] turns) {
        double[] sorted = Arrays.stream(turns).skip(WARM_UP_TURNS).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private static List<Long> rounded(double[] turns) {
        return DoubleStream.of(turns).mapToObj(Math::round).toList();
    }

    private double fullSpeed(String path, String known) {
        HttpClient client = vertx.createHttpClient(
                new HttpClientOptions()
                        .setDefaultHost(base.getHost())
                        .setDefaultPort(base.getPort())
                        .setPipelining(true)
                        .setPipeliningLimit(PIPELINED),
                new PoolOptions().setHttp1MaxSize(CONNECTIONS));
        LongAdder answered = new LongAdder();
        List<Promise<Void>> loops = Stream.generate(Promise::<Void>promise)
                .limit(CONNECTIONS * PIPELINED)
                .toList();
        long begun = System.nanoTime();
        loops.forEach(loop -> askUntil(begun + TURN.toNanos(), client, path, known, answered, loop));
        Future.all(loops.stream().map(Promise::future).toList())
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        double rate = answered.sum() / ((System.nanoTime() - begun) / 1e9);
        client.close().toCompletionStage().toCompletableFuture().join();
        return rate;
    }

    private static void askUntil(
            long end, HttpClient client, String path, String known, LongAdder answered, Promise<Void> loop) {
        if (System.nanoTime() >= end) {
            loop.complete();
            return;
        }
        client.request(HttpMethod.GET, path)
                .compose(request -> known.isEmpty()
                        ? request.send()
                        : request.putHeader("If-None-Match", known).send())
                .compose(answer -> answer.body().map(body -> answer.statusCode()))
                .onFailure(loop::fail)
                .onSuccess(status -> {
                    if (status != (known.isEmpty() ? 200 : 304)) {
                        loop.fail("Answered with " + status);
                        return;
                    }
                    answered.increment();
                    askUntil(end, client, path, known, answered, loop);
                });
    }

    // Events

    @Test
    void a_thousand_subscribers() throws InterruptedException {
        Queue<Long> told = new ConcurrentLinkedQueue<>();
        HttpClient client = vertx.createHttpClient(
                new HttpClientOptions().setDefaultHost(base.getHost()).setDefaultPort(base.getPort()),
                new PoolOptions().setHttp1MaxSize(SUBSCRIBERS));
        long begun = System.nanoTime();
        for (int i = 0; i < SUBSCRIBERS; i++) {
            client.request(HttpMethod.GET, "/products/" + sku + "/stock/events")
                    .compose(HttpClientRequest::send)
                    .onSuccess(answer -> follow(answer, told));
        }
        await().atMost(PATIENCE).until(() -> told.size() == SUBSCRIBERS);
        double opened = (System.nanoTime() - begun) / 1e6;

        long[] nanos = new long[SALES * SUBSCRIBERS];
        for (int sale = 0; sale < SALES; sale++) {
            told.clear();
            long sold = System.nanoTime();
            storefront
                    .waitingShoppers(sku.value())
                    .apply(sale)
                    .toCompletableFuture()
                    .join();
            await().atMost(PATIENCE).until(() -> told.size() == SUBSCRIBERS);
            int next = sale * SUBSCRIBERS;
            for (long moment : told) {
                nanos[next++] = moment - sold;
            }
            Thread.sleep(BETWEEN_SALES.toMillis());
        }
        Arrays.sort(nanos);
        System.out.printf(
                "%n%d subscribers, all told for the first time after %.0f ms; told of a sale after it was asked for: p50 %.0f ms, p99 %.0f ms, max %.0f ms%n",
                SUBSCRIBERS,
                opened,
                nanos[nanos.length / 2] / 1e6,
                nanos[nanos.length * 99 / 100] / 1e6,
                nanos[nanos.length - 1] / 1e6);
    }

    private static void follow(HttpClientResponse answer, Queue<Long> told) {
        assertThat(answer.statusCode()).isEqualTo(200);
        answer.handler(part -> {
            if (part.toString().contains("event:stock")) {
                told.add(System.nanoTime());
            }
        });
    }
}
