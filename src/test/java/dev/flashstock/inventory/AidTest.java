package dev.flashstock.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class AidTest {
    private static final Duration TIMEOUT = Duration.ofMillis(50);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Uni<Integer> FINE = Uni.createFrom().item(1);
    private static final Uni<Integer> SILENT = Uni.createFrom().nothing();
    private static final Uni<Integer> BROKEN = Uni.createFrom().failure(new IllegalStateException("broken"));

    private final AtomicInteger sent = new AtomicInteger();
    private volatile Supplier<Uni<Integer>> answers = () -> FINE;
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final Aid aid = new Aid(TIMEOUT, new Aid.Listener() {
        @Override
        public void away(Throwable failure) {
            told.add("away");
        }

        @Override
        public void back() {
            told.add("back");
        }
    });

    private Uni<Integer> ask() {
        return aid.ask(() -> {
            sent.incrementAndGet();
            return answers.get();
        });
    }

    @Test
    void anAnswerIsPassedOn() {
        assertThat(ask().await().atMost(PATIENCE)).isEqualTo(1);
    }

    @Test
    void anAnswerThatDoesNotComeIsGivenUp() {
        // Given
        answers = () -> SILENT;

        // When
        Throwable failure = failureOf(ask());

        // Then
        assertThat(failure).isInstanceOf(TimeoutException.class);
    }

    @Test
    void afterSomeFailuresInARowItIsLeftAloneAndTriedAgainLater() {
        // Given
        answers = () -> SILENT;
        for (int i = 0; i < Aid.FAILURES; i++) {
            failureOf(ask());
        }

        // When
        boolean away = aid.isAway();
        Throwable leftAlone = failureOf(ask());
        int tried = sent.get();
        answers = () -> FINE;
        await().atMost(PATIENCE)
                .until(() -> ask().map(answer -> true)
                        .onFailure(Aid.LeftAlone.class)
                        .recoverWithItem(false)
                        .await()
                        .atMost(PATIENCE));

        // Then
        assertThat(away).isTrue();
        assertThat(aid.isAway()).isFalse();
        assertThat(leftAlone).isInstanceOf(Aid.LeftAlone.class);
        assertThat(tried).isEqualTo(Aid.FAILURES);
        assertThat(ask().await().atMost(PATIENCE)).isEqualTo(1);
        assertThat(told).containsExactly("away", "back");
    }

    @Test
    void failuresThatAreNotInARowDoNotCount() {
        // Given
        answers = () -> sent.get() % Aid.FAILURES == 0 ? FINE : BROKEN;

        // When
        for (int i = 0; i < 5 * Aid.FAILURES; i++) {
            ask().onFailure().recoverWithNull().await().atMost(PATIENCE);
        }

        // Then
        assertThat(sent).hasValue(5 * Aid.FAILURES);
    }

    @Test
    void whoTriesItAgainAndGivesUpLeavesTheWayOpenForOthers() {
        // Given
        answers = () -> BROKEN;
        for (int i = 0; i < Aid.FAILURES; i++) {
            failureOf(ask());
        }
        answers = () -> SILENT;
        await().atMost(PATIENCE).until(() -> {
            ask().subscribe().with(nobodyHears -> {}, failure -> {}).cancel();
            return sent.get() > Aid.FAILURES;
        });

        // When
        answers = () -> FINE;

        // Then
        await().atMost(PATIENCE)
                .until(() -> ask().map(answer -> true)
                        .onFailure()
                        .recoverWithItem(false)
                        .await()
                        .atMost(PATIENCE));
    }

    private static Throwable failureOf(Uni<?> call) {
        return call.subscribe()
                .withSubscriber(UniAssertSubscriber.create())
                .awaitFailure(PATIENCE)
                .getFailure();
    }
}
