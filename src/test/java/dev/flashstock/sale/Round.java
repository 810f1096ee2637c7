package dev.flashstock.sale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flashstock.local.partitions.Throughput;
import dev.flashstock.sale.Found.Line;
import dev.flashstock.sale.Found.Recorded;
import io.smallrye.mutiny.Uni;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A cluster and a few histories side by side: they are carried out while much goes wrong and pods die; then nothing goes
 * wrong any more until the queue is empty; what is left is sold; the table is held against all that was answered.
 */
final class Round {
    private static final int SKUS = 6;
    private static final List<Plan.Kind> KINDS = List.of(Plan.Kind.MIXED, Plan.Kind.SHORT, Plan.Kind.ONE_WAY);
    /** After so many operations one of the pods dies. */
    private static final int OPERATIONS_OF_A_LIFE = 800;

    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final int MOST_TOLD = 20;
    private static final Path TRAILS = Path.of("target", "histories");

    private final long seed;
    private final int operations;
    private final AtomicInteger done = new AtomicInteger();
    private final Semaphore deaths = new Semaphore(0);

    /**
     * Prepares one.
     *
     * @param seed what all its choices are drawn from
     * @param operations how many steps its histories have together
     */
    Round(long seed, int operations) {
        this.seed = seed;
        this.operations = operations;
    }

    void run() {
        try (Cluster cluster = Cluster.ofAnyClocks(seed)) {
            List<History> histories = histories(cluster);
            histories.forEach(History::open);
            cluster.sweep();
            cluster.getRough();
            carryOut(histories, cluster);
            Throughput throughput = cluster.calmDown();
            drain(histories, cluster);
            letExpire(histories, cluster);
            Pod last = cluster.leaveOne();
            List<String> unsold = histories.stream()
                    .flatMap(it -> it.sellTheRest(last).stream())
                    .map(told -> "When all was quiet: " + told)
                    .toList();
            last.close();
            audit(histories, cluster, unsold);
            prove(histories, cluster, throughput);
        }
    }

    private List<History> histories(Cluster cluster) {
        Random random = new Random(seed);
        return IntStream.range(0, SKUS)
                .mapToObj(i -> {
                    Plan.Kind kind = KINDS.get(i % KINDS.size());
                    Plan plan = Plan.of(random.nextLong(), kind, i % 2 == 1, operations / SKUS, Cluster.PODS);
                    return new History(plan, "sku-" + i, cluster, this::stepDone);
                })
                .toList();
    }

    private void stepDone() {
        if (done.incrementAndGet() % OPERATIONS_OF_A_LIFE == 0) {
            deaths.release();
        }
    }

    private void carryOut(List<History> histories, Cluster cluster) {
        CompletableFuture<?> all = Uni.join()
                .all(histories.stream().map(History::run).toList())
                .andCollectFailures()
                .subscribeAsCompletionStage();
        until(
                () -> {
                    if (deaths.tryAcquire()) {
                        cluster.replaceOne();
                    }
                    return all.isDone();
                },
                () -> "Without an answer: "
                        + lines(histories.stream()
                                .flatMap(it -> it.unanswered().stream())
                                .map(Step::toString)
                                .toList()));
        all.join();
    }

    private void drain(List<History> histories, Cluster cluster) {
        until(
                () -> cluster.queued() + cluster.deadLetters() == 0,
                () -> cluster.queued() + " messages are in the queue still, and " + cluster.deadLetters()
                        + " among the dead letters; wrong by now: "
                        + lines(wrong(histories, cluster)));
    }

    /** What is over is back soon, now that nothing goes wrong: clocks still do. */
    private void letExpire(List<History> histories, Cluster cluster) {
        until(
                () -> overdue(histories, cluster).isEmpty(),
                () -> "Held although it is over: " + lines(overdue(histories, cluster)));
    }

    private static List<String> overdue(List<History> histories, Cluster cluster) {
        long before = Instant.now().minus(Cluster.SKEW).minusSeconds(1).toEpochMilli();
        var items = cluster.items();
        return histories.stream()
                .flatMap(history -> Found.of(items, history.sku.value()).reservations().entrySet().stream())
                .filter(it -> it.getValue().isOver(before))
                .map(Object::toString)
                .toList();
    }

    private static void until(Callable<Boolean> condition, Supplier<String> otherwise) {
        try {
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).until(condition);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(otherwise.get(), e);
        }
    }

    private void audit(List<History> histories, Cluster cluster, List<String> unsold) {
        List<String> wrong = new ArrayList<>(unsold);
        wrong.addAll(wrong(histories, cluster));
        assertThat(wrong).as("what is wrong with -Dhistories.seed=%d", seed).isEmpty();
    }

    private List<String> wrong(List<History> histories, Cluster cluster) {
        List<String> wrong = new ArrayList<>();
        var items = cluster.items();
        for (History history : histories) {
            Found found = Found.of(items, history.sku.value());
            List<String> its = new Audit(history, found).wrong();
            if (!its.isEmpty()) {
                wrong.add("%s (seed %d, %s, %d shards): %d wrong, all that happened is in %s%s"
                        .formatted(
                                history.sku,
                                seed,
                                history.plan.kind(),
                                history.plan.shards(),
                                its.size(),
                                write(history, found),
                                lines(its)));
            }
        }
        return wrong;
    }

    private static String lines(List<String> all) {
        return all.stream().limit(MOST_TOLD).collect(Collectors.joining("\n", "\n", "\n"));
    }

    private static Path write(History history, Found found) {
        List<String> lines = new ArrayList<>();
        lines.add(Books.of(found) + ", shards " + found.shards());
        found.adjustments().forEach((id, it) -> lines.add(id + " " + it));
        found.reservations().forEach((key, item) -> lines.add(key + " " + item));
        history.told().forEach(it -> lines.add(it.toString()));
        try {
            return Files.write(Files.createDirectories(TRAILS).resolve(history.sku + ".txt"), lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> Map<String, Long> counts(
            List<Found> found, Function<Found, Collection<T>> items, Function<T, String> kind) {
        return found.stream()
                .flatMap(it -> items.apply(it).stream())
                .collect(Collectors.groupingBy(kind, TreeMap::new, Collectors.counting()));
    }

    /** A history in which nothing went wrong proves little. */
    private static void prove(List<History> histories, Cluster cluster, Throughput throughput) {
        Map<String, Long> answers = Audit.answers(
                histories.stream().flatMap(it -> it.told().stream()).toList());
        Map<String, Long> faults = cluster.happened();
        var items = cluster.items();
        List<Found> found =
                histories.stream().map(it -> Found.of(items, it.sku.value())).toList();
        Map<String, Long> ends = counts(found, it -> it.reservations().values(), Recorded::kind);
        Map<String, Long> ledger = counts(
                found,
                it -> it.movements().stream()
                        .flatMap(moved -> moved.lines().stream())
                        .toList(),
                Line::about);
        System.out.printf(
                "%s, ends %s, ledger %s, faults %s, %d pods died, %d conflicts, throttles %s%n",
                answers, ends, ledger, faults, cluster.deaths(), throughput.conflicts(), throughput.throttles());
        assertThat(ends)
                .containsKeys(
                        "CONFIRMED",
                        "CONFIRMED returned",
                        "EXPIRED",
                        "EXPIRED extended",
                        "RELEASED",
                        "OVER_LIMIT",
                        "SOLD_OUT");
        assertThat(ledger).containsKeys("holds", "releases", "releases Fraud", "expiries", "adjustments RETURN");
        assertThat(answers)
                .containsKeys(
                        "Reserve HELD",
                        "Reserve QUEUED",
                        "Reserve SoldOut",
                        "Reserve KeyReused",
                        "Reserve WrongState",
                        "Reserve silence",
                        "Release RELEASED",
                        "Confirm CONFIRMED",
                        "Confirm WrongState",
                        "Confirm PaidOtherwise",
                        "Extend HELD",
                        "Extend ExtendedBefore",
                        "Reserve OverLimit",
                        "Look HELD",
                        "Adjust done",
                        "TakeBack done",
                        "TakeBack KeyReused",
                        "TakeBack MoreThanSold",
                        "TakeBack WrongState",
                        "Count done");
        assertThat(faults)
                .containsKeys(
                        "AnswerCut", "AnswerLate", "AnswerLost", "Failure", "LateDuplicate", "Latency", "RequestLost");
        assertThat(cluster.deaths()).isPositive();
        assertThat(throughput.conflicts()).isPositive();
    }
}
