package dev.flashstock.local.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.flashstock.local.rehearsal.Answer.Failed;
import dev.flashstock.local.rehearsal.Answer.Right;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FiguresTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    @Test
    void mergedFiguresAreThoseOfBothRounds() {
        // Given
        Figures first = figuresOf(1, Right.ACCEPTED, Right.ACCEPTED, Right.SOLD_OUT, new Failed("HTTP 500"));
        Figures second = figuresOf(9, Right.ACCEPTED, Right.QUEUED, new Failed("HTTP 500"), new Failed("HTTP 503"));

        // When
        Figures merged = first.merge(second);

        // Then
        assertThat(merged.offered()).isEqualTo(8);
        assertThat(merged.accepted()).isEqualTo(3);
        assertThat(merged.queued()).isEqualTo(1);
        assertThat(merged.soldOut()).isEqualTo(1);
        assertThat(merged.errors()).isEqualTo(Map.of("HTTP 500", 2L, "HTTP 503", 1L));
        assertThat(merged.seconds()).isEqualTo(20);
        assertThat(merged.acceptedPerSecond()).isEqualTo(0.15);
        assertThat(merged.errorShare()).isEqualTo(0.375);
        assertThat(merged.latencies().count()).isEqualTo(8);
        assertThat(merged.latencies().p50()).isCloseTo(1_000, withinPercentage(0.1));
        assertThat(merged.latencies().p99()).isCloseTo(9_000, withinPercentage(0.1));
        assertThat(first.latencies().count()).as("left as it was").isEqualTo(4);
    }

    @Test
    void theNamesOfErrorsAreBounded() {
        // Given
        Figures first = figuresOf(1, failures("first", 30));
        Figures second = figuresOf(1, failures("second", 30));

        // When
        Figures merged = first.merge(second);

        // Then
        assertThat(merged.errors())
                .hasSize(21)
                .containsEntry("first 0", 1L)
                .containsEntry(Figures.OTHER_ERRORS, 40L)
                .doesNotContainKey("second 0");
        assertThat(merged.failed()).isEqualTo(60);
    }

    @Test
    void nothingOfferedIsZeroThroughout() {
        // When
        Figures figures = new Tally(10 * SECOND).at(0);

        // Then
        assertThat(figures.acceptedPerSecond()).isZero();
        assertThat(figures.errorShare()).isZero();
        assertThat(figures.latencies().p999()).isZero();
        assertThat(figures.latencies().max()).isZero();
    }

    @Test
    void figuresDoNotChangeWhenTheRunGoesOn() {
        // Given
        Tally tally = new Tally(10 * SECOND);
        tally.arrived();
        Figures before = tally.at(SECOND);

        // When
        tally.answered(new Failed("HTTP 500"), 0, SECOND);

        // Then
        assertThat(before.errors()).isEmpty();
        assertThat(before.latencies().count()).isZero();
        assertThat(before.pending()).isEqualTo(1);
    }

    @Test
    void answersFromManyThreadsAreAllCounted() {
        // Given
        Tally tally = new Tally(10 * SECOND);
        Runnable requests = () -> IntStream.range(0, 10_000).forEach(number -> {
            tally.arrived();
            tally.answered(number % 2 == 0 ? Right.ACCEPTED : new Failed("HTTP " + number % 10), 0, number);
        });

        // When
        CompletableFuture.allOf(Stream.generate(() -> CompletableFuture.runAsync(requests))
                        .limit(4)
                        .toArray(CompletableFuture[]::new))
                .join();

        // Then
        Figures figures = tally.close();
        assertThat(figures.offered()).isEqualTo(40_000);
        assertThat(figures.accepted()).isEqualTo(20_000);
        assertThat(figures.failed()).isEqualTo(20_000);
        assertThat(figures.unanswered()).isZero();
        assertThat(figures.latencies().count()).isEqualTo(40_000);
    }

    @Test
    void whatIsAcceptedAfterTheLastArrivalOnlyCatchesUp() {
        // Given
        Figures inTime = figuresOf(10, Right.ACCEPTED);
        Figures late = figuresOf(11, Right.ACCEPTED);

        // When
        Figures merged = inTime.merge(late);

        // Then
        assertThat(merged.accepted()).isEqualTo(2);
        assertThat(merged.acceptedInTime()).isEqualTo(1);
        assertThat(merged.arrivalSeconds()).isEqualTo(20);
        assertThat(merged.seconds()).isEqualTo(21);
        assertThat(merged.acceptedPerSecond()).isEqualTo(1 / 20.0);
    }

    @Test
    void anErrorHasANameOfBoundedLength() {
        assertThatThrownBy(() -> new Failed(" ")).isInstanceOf(IllegalArgumentException.class);
        assertThat(new Failed("x".repeat(200)).error()).hasSize(100);
    }

    private static Failed[] failures(String name, int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> new Failed(name + " " + number))
                .toArray(Failed[]::new);
    }

    /** Of a run of ten seconds whose answers took {@code seconds} each. */
    private static Figures figuresOf(long seconds, Answer... answers) {
        Tally tally = new Tally(10 * SECOND);
        for (Answer answer : answers) {
            tally.arrived();
            tally.answered(answer, 0, seconds * SECOND);
        }
        return tally.close();
    }
}
