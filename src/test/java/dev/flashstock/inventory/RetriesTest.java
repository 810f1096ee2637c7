package dev.flashstock.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetriesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** What the waits were drawn from; the shortest is drawn. */
    private final List<Integer> bounds = new CopyOnWriteArrayList<>();

    private final AtomicInteger tries = new AtomicInteger();
    private final Retries retries = new Retries(
            bound -> {
                bounds.add(bound);
                return 0;
            },
            Pauses.real());

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 12})
    void itTriesUntilThereIsAResult(int succeedsAt) {
        // When
        String result = retries.until(() -> succeedingAt(succeedsAt)).await().atMost(PATIENCE);

        // Then
        assertThat(result).isEqualTo("result of try " + succeedsAt);
        assertThat(tries).hasValue(succeedsAt);
        assertThat(bounds).hasSize(succeedsAt - 1);
    }

    @Test
    void itGivesUpAfterTwelveTries() {
        // When
        Throwable failure = failureOf(retries.until(() -> succeedingAt(13)));

        // Then
        assertThat(failure).isInstanceOf(Unavailable.class).hasMessageContaining("12");
        assertThat(tries).hasValue(12);
    }

    @Test
    void theWaitsGrowAndAreBounded() {
        // When
        failureOf(retries.until(() -> succeedingAt(13)));

        // Then
        assertThat(bounds).containsExactly(8, 16, 32, 64, 128, 256, 512, 512, 512, 512, 512);
    }

    @Test
    void aFailureIsNotTriedAgain() {
        // When
        Throwable failure = failureOf(retries.until(() -> {
            tries.incrementAndGet();
            return Uni.createFrom().failure(new IllegalStateException("broken"));
        }));

        // Then
        assertThat(failure).isInstanceOf(IllegalStateException.class).hasMessage("broken");
        assertThat(tries).hasValue(1);
    }

    @Test
    void aStepThatThrowsFails() {
        // When
        Throwable failure = failureOf(retries.until(() -> {
            throw new IllegalStateException("broken");
        }));

        // Then
        assertThat(failure).isInstanceOf(IllegalStateException.class).hasMessage("broken");
    }

    @Test
    void nothingIsTriedBeforeSomebodyAsks() {
        // When
        retries.until(() -> succeedingAt(1));

        // Then
        assertThat(tries).hasValue(0);
    }

    private Uni<Optional<String>> succeedingAt(int number) {
        int now = tries.incrementAndGet();
        return Uni.createFrom().item(now < number ? Optional.empty() : Optional.of("result of try " + now));
    }

    private static Throwable failureOf(Uni<?> uni) {
        return uni.subscribe()
                .withSubscriber(UniAssertSubscriber.create())
                .awaitFailure(PATIENCE)
                .getFailure();
    }
}
