package dev.flashstock.bench;

import dev.flashstock.Samples;
import dev.flashstock.inventory.ReservationQueue;
import dev.flashstock.local.faults.Wire;
import dev.flashstock.local.rehearsal.Answer;
import dev.flashstock.local.rehearsal.Figures;
import dev.flashstock.local.rehearsal.OpenLoop;
import dev.flashstock.local.rehearsal.Plan;
import dev.flashstock.local.rehearsal.Storefront;
import dev.flashstock.stock.Sku;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntFunction;
import java.util.stream.DoubleStream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/**
 * What a {@code 202} costs beside a bare {@code SendMessage}, at 70 % of the rate that bare sends can carry, or as
 * much as all can. Nothing consumes the queue meanwhile.
 */
@QuarkusTest
@TestProfile(QueueBenchmark.NoConsumer.class)
class QueueBenchmark {
    private static final int AT_ONCE = 32;
    private static final double SHARE_OF_BARE = 0.7;

    /** Of what the slowest way can carry: beyond it an open loop measures nothing but its own length. */
    private static final double SHARE_OF_SLOWEST = 0.85;

    /** The first turns let the JIT compile: of what it has left to do, the next ones' latencies would tell. */
    private static final int FULL_SPEED_TURNS = 4;

    private static final Duration FULL_SPEED = Duration.ofSeconds(8);
    private static final Duration ROUND = Duration.ofSeconds(10);
    private static final Duration DRAIN = Duration.ofSeconds(20);
    private static final int ROUNDS = 2;
    private static final Sku SKU = new Sku("bench-" + UUID.randomUUID());

    /** Nothing but the sends is to be measured. */
    public static final class NoConsumer implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("flashstock.sqs.consumer.enabled", "false");
        }
    }

    @TestHTTPResource("/")
    URI base;

    @Inject
    SqsAsyncClient sqs;

    @Inject
    ReservationQueue queue;

    @ConfigProperty(name = "flashstock.sqs.queue")
    String queueName;

    private final ExecutorService senders = Executors.newFixedThreadPool(2);

    private record Case(String name, IntFunction<CompletionStage<Answer>> ask) {}

    @AfterEach
    void end() {
        senders.shutdown();
    }

    @Test
    void a_202_beside_a_bare_send() throws InterruptedException {
        String url = sqs.getQueueUrl(it -> it.queueName(queueName)).join().queueUrl();
        Storefront storefront = new Storefront(base);
        var product = Wire.MAPPER
                .createObjectNode()
                .put("name", "Game console")
                .put("priceMinor", 49900)
                .put("currency", "EUR");
        storefront.stockCopy(product, SKU.value(), 10, 1).toCompletableFuture().join();
        List<Case> cases = List.of(
                new Case("bare SendMessage", request -> bare(url)),
                new Case(
                        "flashstock's queue, packed",
                        request -> queue.send(Samples.request(SKU, 1))
                                .<Answer>map(done -> Answer.Right.QUEUED)
                                .subscribeAsCompletionStage()),
                new Case(
                        "HTTP alone: product in memory",
                        request -> storefront.product(SKU.value()).<Answer>thenApply(found -> Answer.Right.ACCEPTED)),
                new Case("flashstock's 202, over HTTP", storefront.shoppers(SKU.value())));

        double[] fullSpeed = new double[cases.size()];
        for (int turn = 0; turn < FULL_SPEED_TURNS; turn++) {
            for (int i = 0; i < cases.size(); i++) {
                fullSpeed[i] = fullSpeed(cases.get(i));
            }
        }
        double slowest = DoubleStream.of(fullSpeed).min().orElseThrow();
        int perSecond = (int) Math.min(SHARE_OF_BARE * fullSpeed[0], SHARE_OF_SLOWEST * slowest);
        System.out.printf("%nat most a second: %s; offered: %d%n", Arrays.toString(fullSpeed), perSecond);
        List<Figures> results = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            for (int i = 0; i < cases.size(); i++) {
                Figures figures = run(cases.get(i), perSecond);
                if (round == 0) {
                    results.add(figures);
                } else {
                    results.set(i, results.get(i).merge(figures));
                }
            }
        }
        System.out.printf(
                "%-32s %12s %8s %8s %8s %10s %12s%n",
                "", "at most /s", "p50 ms", "p99 ms", "errors", "p50 of", "p99 of bare");
        Figures bare = results.get(0);
        for (int i = 0; i < cases.size(); i++) {
            Figures it = results.get(i);
            System.out.printf(
                    "%-32s %12.0f %8.1f %8.1f %7.1f%% %10.2f %12.2f%n",
                    cases.get(i).name(),
                    fullSpeed[i],
                    it.latencies().p50(),
                    it.latencies().p99(),
                    100 * it.errorShare(),
                    it.latencies().p50() / bare.latencies().p50(),
                    it.latencies().p99() / bare.latencies().p99());
        }
    }

    private Figures run(Case it, int perSecond) {
        Figures figures = new OpenLoop(senders)
                .run(new Plan((int) (perSecond * ROUND.toSeconds()), ROUND, DRAIN, 1), it.ask(), progress -> {})
                .join();
        purge();
        return figures;
    }

    private CompletionStage<Answer> bare(String url) {
        return sqs.sendMessage(message -> message.queueUrl(url)
                        .messageGroupId(SKU.value())
                        .messageBody(
                                "{\"version\":1,\"requests\":[{\"id\":\"" + SKU + ".Zk3x0q9Hh2Yw8tRu\",\"user\":\"user-"
                                        + UUID.randomUUID() + "\",\"quantity\":1,\"requestedAt\":1795687200000}]}"))
                .thenApply(sent -> Answer.Right.QUEUED);
    }

    /** As fast as it goes, so many at once. */
    private double fullSpeed(Case it) throws InterruptedException {
        LongAdder answered = new LongAdder();
        Semaphore free = new Semaphore(AT_ONCE);
        long begin = System.nanoTime();
        for (int number = 0; System.nanoTime() - begin < FULL_SPEED.toNanos(); number++) {
            free.acquire();
            it.ask().apply(number).whenComplete((answer, failure) -> {
                answered.increment();
                free.release();
            });
        }
        free.acquire(AT_ONCE);
        double perSecond = answered.sum() / ((System.nanoTime() - begin) / 1e9);
        purge();
        return perSecond;
    }

    private void purge() {
        sqs.purgeQueue(purge -> purge.queueUrl(
                        sqs.getQueueUrl(get -> get.queueName(queueName)).join().queueUrl()))
                .join();
    }
}
