package dev.flashstock.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class InOrderTest {
    private static final int AT_MOST = 4;

    /** A loop that goes round when it is told to. */
    private final Queue<Runnable> loop = new ArrayDeque<>();

    private final List<CompletableFuture<String>> begun = new ArrayList<>();

    @Test
    void soManyAreBegunAndNoMore() {
        // When
        listenTo(numbers(10), 100);

        // Then
        assertThat(begun).hasSize(AT_MOST);
    }

    @Test
    void resultsAreToldInTheOrderOfWhatCame() {
        // Given
        AssertSubscriber<String> listener = listenTo(numbers(4), 100);

        // When
        finish(2, 1);
        listener.assertHasNotReceivedAnyItem();
        finish(0, 3);

        // Then
        listener.assertItems("0", "1", "2", "3").assertCompleted();
    }

    @Test
    void theNextBeginsWhenOneIsTold() {
        // Given
        listenTo(numbers(10), 100);
        finish(1, 2, 3);
        assertThat(begun).hasSize(AT_MOST);

        // When
        finish(0);

        // Then
        assertThat(begun).hasSize(8);
    }

    @Test
    void nothingBeginsWhileNobodyWantsToHear() {
        // Given
        AssertSubscriber<String> listener = listenTo(numbers(10), 1);

        // When
        finish(0, 1, 2, 3);

        // Then
        listener.assertItems("0");
        assertThat(begun).hasSize(AT_MOST + 1);
    }

    @Test
    void whoListensNoMoreLetsNothingBegin() {
        // Given
        AssertSubscriber<String> listener = listenTo(numbers(10), 100);

        // When
        listener.cancel();
        finish(0, 1, 2, 3);

        // Then
        assertThat(begun).hasSize(AT_MOST).allMatch(it -> !it.isCancelled());
        listener.assertHasNotReceivedAnyItem();
    }

    @Test
    void aFailureFollowsWhatWasBegunBeforeIt() {
        // Given
        Multi<Integer> failing = Multi.createBy()
                .concatenating()
                .streams(numbers(2), Multi.createFrom().failure(new IllegalStateException("cut")));
        AssertSubscriber<String> listener = listenTo(failing, 100);
        listener.assertNotTerminated();

        // When
        finish(0, 1);

        // Then
        listener.assertItems("0", "1").assertFailedWith(IllegalStateException.class, "cut");
    }

    @Test
    void nothingComesOfNothing() {
        // When
        AssertSubscriber<String> listener = listenTo(numbers(0), 100);

        // Then
        listener.assertCompleted().assertHasNotReceivedAnyItem();
    }

    private static Multi<Integer> numbers(int count) {
        return Multi.createFrom().range(0, count);
    }

    private AssertSubscriber<String> listenTo(Multi<Integer> numbers, long demand) {
        AssertSubscriber<String> listener = numbers.plug(InOrder.of(AT_MOST, this::begin, loop::add))
                .subscribe()
                .withSubscriber(AssertSubscriber.create(demand));
        goRound();
        return listener;
    }

    private CompletableFuture<String> begin(Integer number) {
        CompletableFuture<String> result = new CompletableFuture<>();
        begun.add(result);
        return result;
    }

    private void finish(int... numbers) {
        for (int number : numbers) {
            begun.get(number).complete(String.valueOf(number));
            goRound();
        }
    }

    private void goRound() {
        while (!loop.isEmpty()) {
            loop.remove().run();
        }
    }
}
