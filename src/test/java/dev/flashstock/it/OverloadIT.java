package dev.flashstock.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flashstock.it.Purchase.Way;
import dev.flashstock.local.Backend;
import dev.flashstock.local.LocalBackends;
import dev.flashstock.local.faults.Fault;
import dev.flashstock.local.faults.FaultRule;
import dev.flashstock.local.faults.Wire;
import dev.flashstock.local.partitions.PartitionProxy;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A packaged instance is asked for one SKU four times as often as the table lets it sell it, while somebody buys another one:
 * nobody oversells, who is refused is told so, and the other one's buyer never is. What it sells meanwhile, how long the
 * other one's buyer waits, and how soon all is as before, it prints: they are figures on a quiet machine only.
 */
@Tag("long")
class OverloadIT {
    private static final String CROWDED = "console";
    private static final String OTHER = "phone";
    private static final int UNITS = 1_000_000;
    private static final int TIMES_CAPACITY = 4;
    /** So many at once keep a shard's transactions full. */
    private static final int ENOUGH_SHOPPERS = 240;
    /** The most requests that are offered in a second: what this machine's cores can still ask. */
    private static final int MOST_OFFERED = 1_500;

    private static final Duration PHASE = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration BEFORE_ASKING_AGAIN = Duration.ofMillis(500);
    private static final Duration BETWEEN_OTHERS = Duration.ofMillis(200);
    /** Of each transaction: what a shard sells in a second is bounded by it, and not by the machine. */
    private static final long TRANSACTION_MILLIS = 1_000;

    private final OwnBackends backends = new OwnBackends("overload");
    private final PartitionProxy proxy =
            new PartitionProxy(Wire.eventLoop(), LocalBackends.server(Backend.DYNAMODB), 1);
    private final Instance instance;
    private final Storefront storefront = new Storefront();
    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(2);
    private final AtomicInteger shoppers = new AtomicInteger();

    OverloadIT() {
        backends.settings()
                .put("quarkus.dynamodb.endpoint-override", proxy.address().toString());
        backends.settings().remove("flashstock.limits.behind");
        backends.settings().put("flashstock.layout.automatic", "false");
        instance = new Instance("overload", backends.settings());
    }

    @BeforeEach
    void open() throws IOException {
        instance.start();
        storefront.stockUp(instance, CROWDED, 1, UNITS);
        storefront.stockUp(instance, OTHER, 10, UNITS);
        proxy.faults()
                .set(List.of(FaultRule.always(new Fault.Latency(TRANSACTION_MILLIS, TRANSACTION_MILLIS))
                        .on("TransactWriteItems")));
    }

    @AfterEach
    void close() throws InterruptedException {
        clock.shutdownNow();
        instance.close();
        proxy.close();
        backends.close();
    }

    /** An answer, and how long it took. */
    private record Timed(Answer answer, Duration latency) {
        boolean isHeld() {
            return answer.status() == 201;
        }
    }

    @Test
    void fourTimesTheCapacityOnOneSku() throws Exception {
        // Given
        closedLoop(Duration.ofSeconds(5)); // warms up
        double capacity = perSecond(held(closedLoop(PHASE)), PHASE);
        List<Timed> quiet = others(PHASE).join();
        int offered = (int) Math.min(MOST_OFFERED, TIMES_CAPACITY * capacity);

        // When
        CompletableFuture<List<Timed>> others = others(PHASE);
        List<Timed> answers = openLoop(offered, PHASE);
        List<Timed> busy = others.join();
        long ended = System.nanoTime();
        await("all is as before").atMost(PATIENCE).until(() -> buy(CROWDED).isHeld());
        Duration recovery = Duration.ofNanos(System.nanoTime() - ended);

        // Then
        System.out.printf(
                "capacity %.0f/s, offered %d/s: %.0f/s sold (%.0f %%), %d refused; the other SKU's p99 %d ms, quiet %d ms;"
                        + " bought again %d ms after the end%n",
                capacity,
                offered,
                perSecond(held(answers), PHASE),
                100 * perSecond(held(answers), PHASE) / capacity,
                answers.size() - held(answers),
                p99(busy).toMillis(),
                p99(quiet).toMillis(),
                recovery.toMillis());
        assertThat(answers).extracting(it -> it.answer().status()).isSubsetOf(201, 202, 503);
        assertThat(answers).extracting(it -> it.answer().status()).contains(201, 503);
        assertThat(busy).extracting(it -> it.answer().status()).isSubsetOf(201, 202);
        JsonNode audit = audited();
        assertThat(audit.path("difference").asLong()).as("%s", audit).isZero();
    }

    private JsonNode audited() {
        assertThat(storefront.startAudit(instance, CROWDED).status()).isEqualTo(202);
        await("the audit")
                .atMost(PATIENCE)
                .until(() -> storefront
                        .audit(instance, CROWDED)
                        .body()
                        .path("state")
                        .asText()
                        .equals("DONE"));
        return storefront.audit(instance, CROWDED).body();
    }

    private static int held(List<Timed> answers) {
        return (int) answers.stream().filter(Timed::isHeld).count();
    }

    private static double perSecond(int number, Duration time) {
        return number * 1_000.0 / time.toMillis();
    }

    private static Duration p99(List<Timed> answers) {
        List<Duration> sorted = answers.stream().map(Timed::latency).sorted().toList();
        return sorted.get((int) Math.ceil(0.99 * sorted.size()) - 1);
    }

    // Shoppers, each of whom buys one unit

    private Timed buy(String sku) {
        return buySoon(sku).join();
    }

    private CompletableFuture<Timed> buySoon(String sku) {
        long begun = System.nanoTime();
        return storefront
                .reserveSoon(instance, Way.DIRECT, new Purchase(sku, "shopper-" + shoppers.incrementAndGet(), 1))
                .thenApply(answer -> new Timed(answer, Duration.ofNanos(answer.at() - begun)));
    }

    /** So many who go on to the next purchase when they have an answer, or a while after they were refused. */
    private List<Timed> closedLoop(Duration time) {
        Queue<Timed> answers = new ConcurrentLinkedQueue<>();
        long end = System.nanoTime() + time.toNanos();
        CompletableFuture.allOf(IntStream.range(0, ENOUGH_SHOPPERS)
                        .mapToObj(i -> goOn(end, answers))
                        .toArray(CompletableFuture[]::new))
                .join();
        return List.copyOf(answers);
    }

    private CompletableFuture<Void> goOn(long end, Queue<Timed> answers) {
        return System.nanoTime() >= end
                ? CompletableFuture.completedFuture(null)
                : buySoon(CROWDED).thenCompose(answer -> {
                    answers.add(answer);
                    long pause = answer.isHeld() ? 0 : BEFORE_ASKING_AGAIN.toMillis();
                    Executor later = CompletableFuture.delayedExecutor(pause, TimeUnit.MILLISECONDS, clock);
                    return CompletableFuture.supplyAsync(() -> goOn(end, answers), later)
                            .thenCompose(next -> next);
                });
    }

    /** They come when they come, however long the others wait. */
    private List<Timed> openLoop(int perSecond, Duration time) throws InterruptedException {
        List<CompletableFuture<Timed>> answers = new ArrayList<>();
        long begun = System.nanoTime();
        for (int tick = 0; tick < time.toMillis() / 10; tick++) {
            TimeUnit.NANOSECONDS.sleep(begun + TimeUnit.MILLISECONDS.toNanos(10L * tick) - System.nanoTime());
            int due = perSecond * (tick + 1) / 100 - answers.size();
            for (int i = 0; i < due; i++) {
                answers.add(buySoon(CROWDED));
            }
        }
        return answers.stream().map(CompletableFuture::join).toList();
    }

    /** Somebody now and then buys the other SKU. */
    private CompletableFuture<List<Timed>> others(Duration time) {
        return CompletableFuture.supplyAsync(() -> {
            List<CompletableFuture<Timed>> answers = new ArrayList<>();
            long number = time.toMillis() / BETWEEN_OTHERS.toMillis();
            for (int i = 0; i < number; i++) {
                answers.add(buySoon(OTHER));
                pause();
            }
            return answers.stream().map(CompletableFuture::join).toList();
        });
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(BETWEEN_OTHERS.toMillis());
        } catch (InterruptedException e) {
            throw new IllegalStateException("The test has ended", e);
        }
    }
}
