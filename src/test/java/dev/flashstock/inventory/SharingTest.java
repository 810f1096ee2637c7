package dev.flashstock.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Answers that are shared: the same one ({@link Sharing}), or the next one ({@link Rounds}). */
class SharingTest {
    private final List<UniEmitter<? super String>> begun = new ArrayList<>();
    private final AtomicInteger givenUp = new AtomicInteger();
    private final Uni<String> slow =
            Uni.createFrom().<String>emitter(begun::add).onCancellation().invoke(givenUp::incrementAndGet);

    private final Sharing<String, String> sharing = new Sharing<>();
    private final Rounds<String, String> rounds = new Rounds<>(key -> slow);

    @Test
    void whoAsksWhileItIsUnderWaySharesTheAnswer() {
        // Given
        UniAssertSubscriber<String> one = share("a");
        UniAssertSubscriber<String> same = share("a");
        UniAssertSubscriber<String> other = share("b");

        // When
        begun.get(0).complete("A");

        // Then
        one.assertItem("A");
        same.assertItem("A");
        other.assertNotTerminated();
        assertThat(begun).hasSize(2);
    }

    @Test
    void whoAsksAfterwardsHasAnAnswerOfHisOwn() {
        // Given
        share("a");
        begun.get(0).fail(new IllegalStateException());

        // When
        UniAssertSubscriber<String> later = share("a");
        begun.get(1).complete("A");

        // Then
        later.assertItem("A");
    }

    @Test
    void whatIsSharedGoesOnUntilTheLastHasGone() {
        // Given
        UniAssertSubscriber<String> one = share("a");
        UniAssertSubscriber<String> other = share("a");

        // When
        one.cancel();
        int afterOne = givenUp.get();
        other.cancel();

        // Then
        assertThat(afterOne).isZero();
        assertThat(givenUp).hasValue(1);
    }

    @Test
    void afterAllHaveGoneItBeginsAnew() {
        // Given
        share("a").cancel();

        // When
        UniAssertSubscriber<String> later = share("a");
        begun.get(1).complete("A");

        // Then
        later.assertItem("A");
    }

    @Test
    void aReadingIsNeverOlderThanTheQuestion() {
        // Given
        UniAssertSubscriber<String> first = rounds.next("a").subscribe().withSubscriber(UniAssertSubscriber.create());
        UniAssertSubscriber<String> second = rounds.next("a").subscribe().withSubscriber(UniAssertSubscriber.create());
        UniAssertSubscriber<String> third = rounds.next("a").subscribe().withSubscriber(UniAssertSubscriber.create());

        // When
        begun.get(0).complete("early");

        // Then
        first.assertItem("early");
        second.assertNotTerminated();
        assertThat(begun).hasSize(2);
        begun.get(1).complete("late");
        second.assertItem("late");
        third.assertItem("late");
    }

    @Test
    void aReadingThatFailsFailsThoseWhoShareItAndNoOther() {
        // Given
        UniAssertSubscriber<String> first = rounds.next("a").subscribe().withSubscriber(UniAssertSubscriber.create());
        UniAssertSubscriber<String> second = rounds.next("a").subscribe().withSubscriber(UniAssertSubscriber.create());

        // When
        begun.get(0).fail(new Unavailable("away"));
        begun.get(1).complete("seen");

        // Then
        first.assertFailedWith(Unavailable.class);
        second.assertItem("seen");
    }

    @Test
    void nobodyReadsForThoseWhoHaveGone() {
        // Given
        rounds.next("a").subscribe().withSubscriber(UniAssertSubscriber.create());
        rounds.next("a")
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create())
                .cancel();

        // When
        begun.get(0).complete("seen");

        // Then
        assertThat(begun).hasSize(1);
    }

    private UniAssertSubscriber<String> share(String key) {
        return sharing.share(key, slow).subscribe().withSubscriber(UniAssertSubscriber.create());
    }
}
