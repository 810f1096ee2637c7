package dev.flashstock.local.rehearsal;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static java.util.concurrent.CompletableFuture.failedFuture;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.flashstock.local.rehearsal.Answer.Failed;
import dev.flashstock.local.rehearsal.Answer.Right;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

class OpenLoopTest {
    private static final Plan PLAN = new Plan(1_000, Duration.ofSeconds(10), Duration.ofSeconds(5), 42);
    private static final long[] ARRIVALS = PLAN.arrivals();
    private static final Consumer<Figures> UNREPORTED = figures -> {};

    private final VirtualPace pace = new VirtualPace();
    private final OpenLoop openLoop = new OpenLoop(pace, Runnable::run);

    @Test
    void aSlowServiceDoesNotDelayLaterArrivals() {
        // Given
        long start = pace.nanoTime();
        List<Long> sent = new ArrayList<>();

        // When
        Figures figures = end(openLoop.run(
                PLAN,
                number -> {
                    sent.add(pace.nanoTime() - start);
                    return pace.after(Duration.ofSeconds(4), Right.ACCEPTED);
                },
                UNREPORTED));

        // Then
        assertThat(sent).containsExactlyElementsOf(boxed(ARRIVALS));
        assertThat(figures.accepted()).isEqualTo(PLAN.requests());
        assertThat(figures.latencies().p50()).isCloseTo(4_000, withinPercentage(0.1));
        assertThat(figures.latencies().max()).isCloseTo(4_000, withinPercentage(0.1));
    }

    @Test
    void latencyCountsFromTheIntendedArrival() {
        // Given
        Duration stall = Duration.ofSeconds(20);

        // When
        Figures figures = end(openLoop.run(
                PLAN,
                number -> {
                    pace.pass(number == 0 ? stall : Duration.ZERO);
                    return completedFuture(Right.ACCEPTED);
                },
                UNREPORTED));

        // Then
        long sentAt = ARRIVALS[0] + stall.toNanos();
        assertThat(figures.latencies().max()).isCloseTo(20_000, withinPercentage(0.1));
        assertThat(figures.latencies().p50())
                .isCloseTo((sentAt - ARRIVALS[PLAN.requests() / 2]) / 1e6, withinPercentage(0.1));
        assertThat(figures.latencies().percentile(0))
                .isCloseTo((sentAt - ARRIVALS[PLAN.requests() - 1]) / 1e6, withinPercentage(0.1));
    }

    @Test
    void everyAnswerIsCountedAsWhatItIs() {
        // Given
        Answer[] answers = {Right.ACCEPTED, Right.QUEUED, Right.SOLD_OUT, new Failed("HTTP 503")};

        // When
        Figures figures =
                end(openLoop.run(PLAN, number -> pace.after(Duration.ofMillis(1), answers[number % 4]), UNREPORTED));

        // Then
        assertThat(figures)
                .extracting(Figures::offered, Figures::accepted, Figures::queued, Figures::soldOut, Figures::errors)
                .containsExactly(1_000L, 250L, 250L, 250L, Map.of("HTTP 503", 250L));
        assertThat(figures.latencies().count()).isEqualTo(1_000);
        assertThat(figures.errorShare()).isEqualTo(0.25);
        assertThat(figures.seconds()).isCloseTo(10, within(0.001));
        assertThat(figures.acceptedPerSecond()).isCloseTo(25, within(0.01));
    }

    @Test
    void stragglersAreWaitedForAndThenUnanswered() {
        // Given
        List<CompletableFuture<Answer>> lost = new ArrayList<>();

        // When
        Figures figures = end(openLoop.run(
                PLAN,
                number -> {
                    if (number < 990) {
                        return completedFuture(Right.ACCEPTED);
                    }
                    if (number < 995) {
                        return pace.after(Duration.ofSeconds(3), Right.QUEUED);
                    }
                    lost.add(new CompletableFuture<>());
                    return lost.get(lost.size() - 1);
                },
                UNREPORTED));
        lost.forEach(answer -> answer.complete(Right.ACCEPTED));

        // Then
        assertThat(figures.queued()).isEqualTo(5);
        assertThat(figures.unanswered()).isEqualTo(5);
        assertThat(figures.pending()).isZero();
        assertThat(figures.latencies().count()).isEqualTo(995);
        assertThat(figures.errorShare()).isEqualTo(0.005);
        assertThat(figures.seconds()).isCloseTo(ARRIVALS[994] / 1e9 + 3, within(0.000_001));
        assertThat(pace.nanoTime() - Long.MAX_VALUE)
                .as("ends when the drain does")
                .isEqualTo(Duration.ofSeconds(14).toNanos());
    }

    @Test
    void whateverGoesWrongInSendingIsAnErrorWithAName() {
        // When
        Figures figures = end(openLoop.run(
                PLAN,
                number -> switch (number % 5) {
                    case 0 -> throw new IllegalStateException("thrown");
                    case 1 -> failedFuture(new ArithmeticException("failed"));
                    case 2 -> nothing();
                    case 3 -> completedFuture(nothing());
                    default -> throw new AssertionError("not even an exception");
                },
                UNREPORTED));

        // Then
        assertThat(figures.errors())
                .isEqualTo(Map.of(
                        "IllegalStateException", 200L,
                        "ArithmeticException", 200L,
                        "NullPointerException", 400L,
                        "AssertionError", 200L));
        assertThat(figures.errorShare()).isEqualTo(1);
    }

    @Test
    void sendersThatRefuseAreAnError() {
        // Given
        OpenLoop refused = new OpenLoop(pace, task -> {
            throw new RejectedExecutionException();
        });

        // When
        Figures figures = end(refused.run(PLAN, accepting(), UNREPORTED));

        // Then
        assertThat(figures.errors()).isEqualTo(Map.of("RejectedExecutionException", 1_000L));
    }

    @Test
    void progressIsReportedTwiceASecond() {
        // Given
        List<Figures> reports = new ArrayList<>();

        // When
        end(openLoop.run(PLAN, number -> pace.after(Duration.ofMillis(100), Right.ACCEPTED), reports::add));

        // Then
        assertThat(reports).hasSizeBetween(20, 21);
        Figures third = reports.get(2);
        long arrived = boxed(ARRIVALS).stream().filter(it -> it <= 1.5e9).count();
        long answered = boxed(ARRIVALS).stream().filter(it -> it <= 1.4e9).count();
        assertThat(third.seconds()).isEqualTo(1.5);
        assertThat(third.offered()).isEqualTo(arrived);
        assertThat(third.accepted()).isEqualTo(answered);
        assertThat(third.pending()).isEqualTo(arrived - answered);
        assertThat(third.unanswered()).isZero();
    }

    @Test
    void aReportThatTakesLongDoesNotKeepTheRunFromGoingOn() {
        // When
        Figures figures = end(openLoop.run(PLAN, accepting(), report -> pace.pass(Duration.ofSeconds(2))));

        // Then
        assertThat(figures.accepted()).isEqualTo(PLAN.requests());
    }

    @Test
    void aReportThatThrowsFailsTheRun() {
        // Given
        AtomicInteger sent = new AtomicInteger();

        // When
        CompletableFuture<Figures> run = openLoop.run(PLAN, counting(sent), report -> {
            throw new IllegalStateException("no report");
        });

        // Then
        assertThatThrownBy(() -> end(run))
                .isInstanceOf(CompletionException.class)
                .hasRootCauseMessage("no report");
        assertThat(sent).hasValueLessThan(PLAN.requests());
    }

    @Test
    void nothingIsSentAfterCancellingAndTheThreadEnds() throws Exception {
        // Given
        CompletableFuture<Thread> pacing = new CompletableFuture<>();
        AtomicInteger sent = new AtomicInteger();
        OpenLoop inRealTime = new OpenLoop(Runnable::run);
        CompletableFuture<Figures> run = inRealTime.run(
                new Plan(Plan.MAX_REQUESTS, Plan.MAX_OVER, Duration.ZERO, 42),
                number -> {
                    pacing.complete(Thread.currentThread());
                    return counting(sent).apply(number);
                },
                UNREPORTED);
        Thread thread = pacing.get(30, TimeUnit.SECONDS);

        // When
        run.cancel(false);

        // Then
        assertThat(thread.isDaemon()).isTrue();
        thread.join(TimeUnit.SECONDS.toMillis(30));
        assertThat(thread.isAlive()).isFalse();
        assertThat(sent).hasValueLessThan(Plan.MAX_REQUESTS);
        assertThatThrownBy(run::join).isInstanceOf(CancellationException.class);
    }

    @Test
    void sendingThatBlocksDoesNotHoldUpTheOthers() {
        // Given
        int requests = 50;
        CountDownLatch allSent = new CountDownLatch(requests);
        ExecutorService senders = Executors.newFixedThreadPool(requests);
        Plan plan = new Plan(requests, Duration.ofMillis(200), Duration.ofMinutes(1), 42);

        // When
        Figures figures = end(new OpenLoop(senders)
                .run(
                        plan,
                        number -> {
                            allSent.countDown();
                            return await(allSent);
                        },
                        UNREPORTED));
        senders.shutdown();

        // Then
        assertThat(figures.accepted()).isEqualTo(requests);
        assertThat(figures.seconds()).isGreaterThanOrEqualTo(0.2);
    }

    private static CompletionStage<Answer> await(CountDownLatch latch) {
        try {
            boolean released = latch.await(30, TimeUnit.SECONDS);
            return completedFuture(released ? Right.ACCEPTED : new Failed("held up"));
        } catch (InterruptedException e) {
            return failedFuture(e);
        }
    }

    private static IntFunction<CompletionStage<Answer>> accepting() {
        return number -> completedFuture(Right.ACCEPTED);
    }

    private static IntFunction<CompletionStage<Answer>> counting(AtomicInteger sent) {
        return number -> {
            sent.incrementAndGet();
            return completedFuture(Right.ACCEPTED);
        };
    }

    /** What a sender must not return. */
    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T nothing() {
        return null;
    }

    private static List<Long> boxed(long[] times) {
        List<Long> boxed = new ArrayList<>();
        for (long time : times) {
            boxed.add(time);
        }
        return boxed;
    }

    private static Figures end(CompletableFuture<Figures> run) {
        return run.orTimeout(60, TimeUnit.SECONDS).join();
    }
}
