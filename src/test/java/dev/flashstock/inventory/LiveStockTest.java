package dev.flashstock.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flashstock.Samples;
import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Refusal;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.StockLevel;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LiveStockTest {
    private static final Sku SKU = new Sku("console");

    private long available = 7;
    private int asked;
    private boolean broken;
    private boolean deleted;

    /** The test ends them. */
    private final Deque<CompletableFuture<Void>> pauses = new ArrayDeque<>();

    private final LiveStock stock = new LiveStock(
            sku -> Uni.createFrom()
                    .item(() -> sku.equals(SKU) && !deleted ? Optional.of(Samples.listing(SKU, 1)) : Optional.empty()),
            new StockLevels() {
                @Override
                public Uni<Map<Sku, StockLevel>> levels(Collection<Listing> listings) {
                    asked++;
                    return broken
                            ? Uni.createFrom().failure(new Unavailable("away"))
                            : Uni.createFrom().item(Map.of(SKU, counted(available)));
                }

                @Override
                public Uni<Void> forget(Sku sku) {
                    return Uni.createFrom().voidItem();
                }
            },
            duration -> Uni.createFrom().completionStage(() -> {
                CompletableFuture<Void> pause = new CompletableFuture<>();
                pauses.add(pause);
                return pause;
            }));

    private static StockLevel counted(long available) {
        return new StockLevel(SKU, available, Samples.NOW, StockLevel.Source.POD);
    }

    private void timePasses() {
        pauses.remove().complete(null);
    }

    private AssertSubscriber<StockLevel> watch(long requests) {
        Outcome<Multi<StockLevel>> outcome = stock.watch(SKU).await().indefinitely();
        return ((Outcome.Done<Multi<StockLevel>>) outcome)
                .value()
                .subscribe()
                .withSubscriber(AssertSubscriber.create(requests));
    }

    @Test
    void whoWatchesGetsTheLevelAtOnceAndFromTimeToTime() {
        // Given
        AssertSubscriber<StockLevel> watcher = watch(10);

        // When
        available = 6;
        timePasses();

        // Then
        watcher.assertItems(counted(7), counted(6));
    }

    @Test
    void allWhoWatchShareOneQuestion() {
        // Given
        AssertSubscriber<StockLevel> first = watch(10);
        AssertSubscriber<StockLevel> second = watch(10);

        // When
        available = 6;
        timePasses();

        // Then
        first.assertItems(counted(7), counted(6));
        second.assertItems(counted(7), counted(6));
        assertThat(asked).isEqualTo(2);
    }

    @Test
    void newsAreLookedAtAtOnce() {
        // Given
        AssertSubscriber<StockLevel> watcher = watch(10);
        stock.look(new Sku("phone"));

        // When
        available = 0;
        stock.look(SKU);

        // Then
        watcher.assertItems(counted(7), counted(0));
    }

    @Test
    void whoIsSlowGetsTheLatest() {
        // Given
        AssertSubscriber<StockLevel> slow = watch(1);

        // When
        for (available = 6; available > 2; available--) {
            timePasses();
        }
        slow.request(10);

        // Then
        slow.assertItems(counted(7), counted(3));
    }

    @Test
    void aLookThatFailsIsMadeAgain() {
        // Given
        AssertSubscriber<StockLevel> watcher = watch(10);

        // When
        broken = true;
        timePasses();
        broken = false;
        available = 6;
        timePasses();

        // Then
        watcher.assertItems(counted(7), counted(6)).assertNotTerminated();
    }

    @Test
    void whenNobodyWatchesNobodyAsks() {
        // Given
        AssertSubscriber<StockLevel> first = watch(10);
        AssertSubscriber<StockLevel> second = watch(10);

        // When
        first.cancel();
        int still = stock.watched();
        second.cancel();
        timePasses();

        // Then
        assertThat(still).isEqualTo(1);
        assertThat(stock.watched()).isZero();
        assertThat(asked).isEqualTo(1);
    }

    @Test
    void aProductThatIsDeletedEndsIt() {
        // Given
        AssertSubscriber<StockLevel> watcher = watch(10);

        // When
        deleted = true;
        timePasses();

        // Then
        watcher.assertCompleted();
        assertThat(stock.watched()).isZero();
    }

    @Test
    void whatIsNoProductCannotBeWatched() {
        // When
        Outcome<Multi<StockLevel>> outcome =
                stock.watch(new Sku("phone")).await().indefinitely();

        // Then
        assertThat(outcome).isEqualTo(Outcome.refused(new Refusal.UnknownSku(new Sku("phone"))));
    }
}
