package dev.flashstock.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.flashstock.Samples;
import dev.flashstock.stock.Quantity;
import dev.flashstock.stock.ShardLevel;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.StockLevel;
import io.smallrye.mutiny.Uni;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SoldOutWatchTest {
    private static final Sku SKU = new Sku("console");
    private static final Quantity ONE = new Quantity(1);
    private static final Listing LISTING = Samples.listing(SKU, 1);

    private long remembered;
    private long available;
    private int looks;
    private int forgotten;
    private boolean changing;
    private boolean broken;
    private boolean ourTurn = true;
    private Uni<Void> before = Uni.createFrom().voidItem();

    private final News news = new News() {
        @Override
        public void soldOut(Sku sku, long left, boolean again) {
            // told to nobody
        }

        @Override
        public void back(Sku sku) {
            // told to nobody
        }

        @Override
        public Uni<Boolean> takeTurn(Sku sku) {
            return Uni.createFrom().item(() -> ourTurn);
        }
    };

    private final class Table extends ForwardingStock {
        Table() {
            super(Unusable.stock());
        }

        @Override
        public Uni<Map<Sku, List<ShardLevel>>> gather(Map<Sku, Integer> readShards) {
            return Uni.createFrom().deferred(() -> {
                looks++;
                Map<Sku, List<ShardLevel>> levels = Map.of(SKU, List.of(new ShardLevel(0, available, looks)));
                return broken ? Uni.createFrom().failure(new Unavailable("away")) : before.replaceWith(levels);
            });
        }

        @Override
        public Uni<Optional<List<ShardLevel>>> snapshot(Sku sku, int readShards) {
            return Uni.createFrom()
                    .item(() -> Optional.of(List.of(new ShardLevel(0, available, looks)))
                            .filter(it -> !changing));
        }
    }

    private final class Levels implements StockLevels {
        @Override
        public Uni<Map<Sku, StockLevel>> levels(Collection<Listing> listings) {
            return Uni.createFrom()
                    .item(() -> Map.of(SKU, new StockLevel(SKU, remembered, Samples.NOW, StockLevel.Source.REDIS)));
        }

        @Override
        public Uni<Void> forget(Sku sku) {
            return Uni.createFrom().voidItem().invoke(() -> forgotten++);
        }
    }

    private final SoldOut soldOut = new SoldOut(Ticker.systemTicker(), news);
    private final SoldOutWatch watch = new SoldOutWatch(
            sku -> Uni.createFrom().item(sku.equals(SKU) ? Optional.of(LISTING) : Optional.empty()),
            new Levels(),
            new Looks(new Table(), sku -> Uni.createFrom().item(Optional.of(LISTING)), Ticker.systemTicker()),
            soldOut,
            news);

    private boolean isKnownToBeSoldOut() {
        return soldOut.tooFewFor(SKU, ONE).isPresent();
    }

    // That it may be sold out

    @Test
    void whatIsSuspectedAndTrueIsKnown() {
        // When
        watch.suspect(SKU).await().indefinitely();

        // Then
        assertThat(isKnownToBeSoldOut()).isTrue();
    }

    @Test
    void whatIsCountedAndZeroIsLookedAt() {
        // When
        watch.count(SKU).await().indefinitely();

        // Then
        assertThat(isKnownToBeSoldOut()).isTrue();
    }

    @Test
    void whatIsCountedAndNotZeroIsNotLookedAt() {
        // Given
        remembered = 1;

        // When
        watch.count(SKU).await().indefinitely();

        // Then
        assertThat(looks).isZero();
        assertThat(isKnownToBeSoldOut()).isFalse();
    }

    @Test
    void whatIsLeftAfterAllAndWhatIsChangingIsNotSoldOut() {
        // When
        available = 1;
        watch.suspect(SKU).await().indefinitely();
        available = 0;
        changing = true;
        watch.suspect(SKU).await().indefinitely();

        // Then
        assertThat(looks).isEqualTo(2);
        assertThat(isKnownToBeSoldOut()).isFalse();
        assertThat(forgotten).isEqualTo(1);
    }

    @Test
    void whatIsSuspectedDuringALookIsLookedAtAgain() {
        // Given
        CompletableFuture<Void> later = new CompletableFuture<>();
        available = 1;
        before = Uni.createFrom().completionStage(later);
        CompletableFuture<Void> first = watch.suspect(SKU).subscribeAsCompletionStage();
        before = Uni.createFrom().voidItem();
        CompletableFuture<Void> second = watch.suspect(SKU).subscribeAsCompletionStage();

        // When
        available = 0;
        later.complete(null);

        // Then
        assertThat(first).isDone();
        assertThat(second).isDone();
        assertThat(isKnownToBeSoldOut()).isTrue();
    }

    @Test
    void aSuspicionThatCannotBeLookedAtAndOneOfNoProductAreNoFailures() {
        // Given
        broken = true;

        // When
        watch.suspect(SKU).await().indefinitely();
        watch.suspect(new Sku("unknown")).await().indefinitely();

        // Then
        assertThat(isKnownToBeSoldOut()).isFalse();
    }

    // Whether it still is

    @Test
    void whoseTurnItIsLooks() {
        // Given
        soldOut.hear(SKU, 0);
        available = 3;

        // When
        watch.doubt(LISTING).await().indefinitely();

        // Then
        assertThat(isKnownToBeSoldOut()).isFalse();
    }

    @Test
    void whoseTurnItIsNotLeavesItAsItIs() {
        // Given
        soldOut.hear(SKU, 0);
        available = 3;
        ourTurn = false;

        // When
        watch.doubt(LISTING).await().indefinitely();

        // Then
        assertThat(looks).isZero();
        assertThat(isKnownToBeSoldOut()).isTrue();
    }
}
