package dev.flashstock.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AtMostTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final AtMost two = new AtMost(2, 1);
    private final Queue<CompletableFuture<Integer>> begun = new ConcurrentLinkedQueue<>();

    private UniAssertSubscriber<Integer> come() {
        return two.inTurn(() -> Uni.createFrom().completionStage(() -> {
                    CompletableFuture<Integer> work = new CompletableFuture<>();
                    begun.add(work);
                    return work;
                }))
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());
    }

    @Test
    void whoComesMeanwhileWaitsForItsTurn() {
        // Given
        UniAssertSubscriber<Integer> first = come();
        come();
        UniAssertSubscriber<Integer> third = come();
        assertThat(begun).hasSize(2);

        // When
        begun.remove().complete(1);
        await().atMost(PATIENCE).until(() -> begun.size() == 2);
        begun.forEach(it -> it.complete(3));

        // Then
        first.awaitItem(PATIENCE).assertItem(1);
        third.awaitItem(PATIENCE).assertItem(3);
    }

    @Test
    void whoFindsTooManyWaitingIsRefused() {
        // Given
        come();
        come();
        come();

        // When
        UniAssertSubscriber<Integer> refused = come();

        // Then
        refused.assertFailedWith(Unavailable.class);
    }

    @Test
    void aFailureGivesItsTurnAway() {
        // Given
        UniAssertSubscriber<Integer> failing = come();
        come();
        come();

        // When
        begun.remove().completeExceptionally(new IllegalStateException("broken"));

        // Then
        failing.assertFailedWith(IllegalStateException.class);
        await().atMost(PATIENCE).until(() -> begun.size() == 2);
    }

    @Test
    void whoGivesUpKeepsNobodyFromTheirTurn() {
        // Given
        UniAssertSubscriber<Integer> leaving = come();
        come();
        UniAssertSubscriber<Integer> waiting = come();

        // When
        leaving.cancel();
        waiting.cancel();
        begun.forEach(it -> it.complete(1));
        await().atMost(PATIENCE).until(() -> begun.size() == 3);
        begun.forEach(it -> it.complete(1));

        // Then
        await().atMost(PATIENCE).until(() -> {
            come();
            return begun.size() > 3;
        });
    }

    @Test
    void thousandsThatWaitAreDoneOneAfterTheOther() {
        // Given
        AtMost one = new AtMost(1, 10_000);
        AtomicInteger atATime = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();

        // When
        List<Integer> done = Uni.join()
                .all(IntStream.range(0, 10_000)
                        .mapToObj(i -> one.inTurn(() -> {
                            most.accumulateAndGet(atATime.incrementAndGet(), Math::max);
                            return Uni.createFrom().item(i).invoke(atATime::decrementAndGet);
                        }))
                        .toList())
                .andFailFast()
                .await()
                .atMost(PATIENCE);

        // Then
        assertThat(done).hasSize(10_000);
        assertThat(most).hasValue(1);
    }
}
