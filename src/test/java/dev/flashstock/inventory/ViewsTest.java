package dev.flashstock.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flashstock.Samples;
import dev.flashstock.stock.Counted;
import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Refusal;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.UserId;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Views in memory: what is written when, and what becomes of it when that fails. The test ends the pauses. */
class ViewsTest {
    private static final Sku SKU = new Sku("console");
    private static final Sku OTHER = new Sku("poster");
    private static final Sku UNKNOWN = new Sku("unknown");
    private static final Duration FLUSH = Duration.ofMillis(700);

    private final Written table = new Written();
    private final Map<Duration, CompletableFuture<Void>> pauses = new HashMap<>();
    private final List<Integer> failures = new ArrayList<>();
    private final List<Long> lost = new ArrayList<>();
    private int drawn;

    private final Views views = new Views(
            sku -> Uni.createFrom()
                    .item(() -> sku.equals(UNKNOWN) ? Optional.<Listing>empty() : Optional.of(Samples.listing(sku, 1))),
            table,
            FLUSH,
            Duration.ofHours(1),
            InstantSource.fixed(Samples.NOW),
            duration -> Uni.createFrom().completionStage(() -> {
                CompletableFuture<Void> pause = new CompletableFuture<>();
                pauses.put(duration, pause);
                return pause;
            }),
            bound -> drawn++ % bound,
            new Views.FailureListener() {
                @Override
                public void failed(int writes, Throwable first) {
                    failures.add(writes);
                }

                @Override
                public void lost(long views) {
                    lost.add(views);
                }
            });

    /** A write: whose, on which shard, how many. */
    private record Write(Sku sku, int shard, long views) {}

    /** Keeps what is written, when it answers. */
    private static final class Written implements CounterTable {
        private final List<Write> writes = new ArrayList<>();
        private boolean broken;
        /** While a test has set it, writes wait for it. */
        private CompletableFuture<Void> gate = CompletableFuture.completedFuture(null);

        @Override
        public Uni<Void> addViews(Sku sku, long views, int shard) {
            if (broken) {
                return Uni.createFrom().failure(new Unavailable("away"));
            }
            writes.add(new Write(sku, shard, views));
            return Uni.createFrom().completionStage(gate);
        }

        @Override
        public Uni<Long> views(Sku sku) {
            return Uni.createFrom()
                    .item(() -> writes.stream()
                            .filter(it -> it.sku().equals(sku))
                            .mapToLong(Write::views)
                            .sum());
        }

        @Override
        public Uni<Attempt> like(UserId user, Sku sku, int shard) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Uni<OptionalInt> likedOn(UserId user, Sku sku) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Uni<Attempt> unlike(UserId user, Sku sku, int shard) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Uni<Long> likes(Sku sku) {
            throw new UnsupportedOperationException();
        }
    }

    private void view(Sku sku, int times) {
        for (int i = 0; i < times; i++) {
            assertThat(views.viewed(sku).await().indefinitely()).isEqualTo(Outcome.done(sku));
        }
    }

    private void flushAgain() {
        over(FLUSH);
    }

    private void over(Duration pause) {
        pauses.remove(pause).complete(null);
    }

    @Test
    void aThousandViewsAreOneWrite() {
        // Given
        views.start();

        // When
        view(SKU, 1_000);
        flushAgain();

        // Then
        assertThat(table.writes).containsExactly(new Write(SKU, 0, 1_000));
    }

    @Test
    void eachSkuIsWrittenOnAnotherShardAndOnlyOnce() {
        // Given
        views.start();
        view(SKU, 2);
        view(OTHER, 3);

        // When
        flushAgain();
        flushAgain();

        // Then
        assertThat(table.writes).extracting(Write::views).containsExactlyInAnyOrder(2L, 3L);
        assertThat(table.writes).extracting(Write::shard).doesNotHaveDuplicates();
    }

    @Test
    void whatFailsIsWrittenWithTheNextFlush() {
        // Given
        views.start();
        view(SKU, 2);
        table.broken = true;
        flushAgain();

        // When
        view(SKU, 3);
        table.broken = false;
        flushAgain();

        // Then
        assertThat(failures).containsExactly(1);
        assertThat(table.writes).extracting(Write::views).containsExactly(5L);
    }

    @Test
    void whatIsViewedDuringAWriteIsWrittenWithTheNextFlush() {
        // Given
        views.start();
        view(SKU, 2);
        table.gate = new CompletableFuture<>();
        flushAgain();

        // When
        view(SKU, 3);
        table.gate.complete(null);
        flushAgain();

        // Then
        assertThat(table.writes).extracting(Write::views).containsExactly(2L, 3L);
    }

    @Test
    void anUnknownSkuIsRefused() {
        // When
        Outcome<Sku> viewed = views.viewed(UNKNOWN).await().indefinitely();
        Outcome<Counted> count = views.count(UNKNOWN).await().indefinitely();

        // Then
        assertThat(viewed).isEqualTo(Outcome.refused(new Refusal.UnknownSku(UNKNOWN)));
        assertThat(count).isEqualTo(Outcome.refused(new Refusal.UnknownSku(UNKNOWN)));
    }

    @Test
    void noMoreSkusWaitThanTheBound() {
        // Given
        for (int i = 0; i < Views.MAX_SKUS; i++) {
            view(new Sku("sku-" + i), 1);
        }

        // When
        Throwable refused = views.viewed(SKU)
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create())
                .awaitFailure()
                .getFailure();
        view(new Sku("sku-0"), 1);

        // Then
        assertThat(refused).isInstanceOf(Unavailable.class);
    }

    @Test
    void theTotalIsReadOnceForAllWhoAskSoonAfter() {
        // Given
        views.start();
        view(SKU, 2);
        flushAgain();
        Outcome<Counted> first = views.count(SKU).await().indefinitely();

        // When
        view(SKU, 1);
        flushAgain();
        Outcome<Counted> second = views.count(SKU).await().indefinitely();

        // Then
        assertThat(first).isEqualTo(Outcome.done(new Counted(SKU, 2, Samples.NOW)));
        assertThat(second).isEqualTo(first);
    }

    @Test
    void atTheEndWhatIsLeftIsWritten() {
        // Given
        views.start();
        view(SKU, 2);

        // When
        UniAssertSubscriber<Void> stopped = stop();

        // Then
        stopped.assertCompleted();
        assertThat(table.writes).containsExactly(new Write(SKU, 0, 2));
        assertThat(lost).isEmpty();
    }

    @Test
    void theEndWaitsForTheFlushUnderWay() {
        // Given
        views.start();
        view(SKU, 2);
        table.gate = new CompletableFuture<>();
        flushAgain();

        // When
        UniAssertSubscriber<Void> stopped = stop();
        stopped.assertNotTerminated();
        table.gate.complete(null);

        // Then
        stopped.assertCompleted();
        assertThat(table.writes).hasSize(1);
    }

    @Test
    void atTheEndItIsTriedAgain() {
        // Given
        views.start();
        view(SKU, 2);
        table.broken = true;
        UniAssertSubscriber<Void> stopped = stop();
        stopped.assertNotTerminated();

        // When
        table.broken = false;
        over(Duration.ofSeconds(1));

        // Then
        stopped.assertCompleted();
        assertThat(table.writes).hasSize(1);
        assertThat(lost).isEmpty();
    }

    @Test
    void whatCannotBeWrittenAtTheEndIsLostAndToldSo() {
        // Given
        views.start();
        view(SKU, 2);
        table.broken = true;
        UniAssertSubscriber<Void> stopped = stop();

        // When
        over(Views.LAST_FLUSH);

        // Then
        stopped.assertCompleted();
        assertThat(lost).containsExactly(2L);
    }

    private UniAssertSubscriber<Void> stop() {
        return views.stop().subscribe().withSubscriber(UniAssertSubscriber.create());
    }
}
