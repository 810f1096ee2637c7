package dev.flashstock.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flashstock.Samples;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.StockLevel;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SingleFlightStockLevelsTest {
    private static final int READERS = 32;
    private static final Listing CONSOLE = Samples.listing(new Sku("console"), 10);
    private static final Listing PHONE = Samples.listing(new Sku("phone"), 10);

    /** The layer below: every look-up stays under way until the test ends it. */
    private final List<CompletableFuture<StockLevel>> lookUps = new CopyOnWriteArrayList<>();

    private final List<Sku> forgotten = new ArrayList<>();
    private final SingleFlightStockLevels levels = new SingleFlightStockLevels(new StockLevels() {
        @Override
        public Uni<StockLevel> level(Listing listing) {
            return Uni.createFrom().completionStage(() -> {
                CompletableFuture<StockLevel> lookUp = new CompletableFuture<>();
                lookUps.add(lookUp);
                return lookUp;
            });
        }

        @Override
        public Uni<Void> forget(Sku sku) {
            return Uni.createFrom().voidItem().invoke(() -> forgotten.add(sku));
        }
    });

    @Test
    void whoeverAsksWhileALookUpIsUnderWaySharesIt() throws Exception {
        // Given
        ExecutorService threads = Executors.newFixedThreadPool(READERS);
        CyclicBarrier together = new CyclicBarrier(READERS);

        // When
        List<CompletableFuture<CompletableFuture<StockLevel>>> asked = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            asked.add(CompletableFuture.supplyAsync(() -> askTogether(together), threads));
        }
        List<CompletableFuture<StockLevel>> answers =
                asked.stream().map(CompletableFuture::join).toList();
        lookUps.forEach(lookUp -> lookUp.complete(level(CONSOLE, 7)));
        threads.shutdown();

        // Then
        assertThat(lookUps).hasSize(1);
        assertThat(answers)
                .allSatisfy(
                        answer -> assertThat(answer.get(5, TimeUnit.SECONDS)).isEqualTo(level(CONSOLE, 7)));
    }

    @Test
    void anotherSkuIsLookedUpByItself() {
        // Given
        ask(CONSOLE);

        // When
        ask(PHONE);

        // Then
        assertThat(lookUps).hasSize(2);
    }

    @Test
    void theNextToAskAfterwardsLooksAgain() {
        // Given
        ask(CONSOLE);
        lookUps.get(0).complete(level(CONSOLE, 7));

        // When
        CompletableFuture<StockLevel> next = ask(CONSOLE);
        lookUps.get(1).complete(level(CONSOLE, 6));

        // Then
        assertThat(next).isCompletedWithValue(level(CONSOLE, 6));
    }

    @Test
    void aFailureReachesAllWhoAskedAndIsNotRemembered() {
        // Given
        CompletableFuture<StockLevel> first = ask(CONSOLE);
        CompletableFuture<StockLevel> second = ask(CONSOLE);

        // When
        lookUps.get(0).completeExceptionally(new Unavailable("away"));
        CompletableFuture<StockLevel> third = ask(CONSOLE);
        lookUps.get(1).complete(level(CONSOLE, 6));

        // Then
        assertThat(first).isCompletedExceptionally();
        assertThat(second).isCompletedExceptionally();
        assertThat(third).isCompletedWithValue(level(CONSOLE, 6));
        assertThat(lookUps).hasSize(2);
    }

    @Test
    void oneWhoGivesUpDoesNotEndTheOthersLookUp() {
        // Given
        CompletableFuture<StockLevel> impatient = ask(CONSOLE);
        CompletableFuture<StockLevel> patient = ask(CONSOLE);

        // When
        impatient.cancel(true);
        lookUps.get(0).complete(level(CONSOLE, 7));

        // Then
        assertThat(patient).isCompletedWithValue(level(CONSOLE, 7));
        assertThat(lookUps).hasSize(1);
    }

    @Test
    void afterEverybodyGaveUpTheNextGetsAnAnswer() {
        // Given
        ask(CONSOLE).cancel(true);

        // When
        CompletableFuture<StockLevel> next = ask(CONSOLE);
        lookUps.forEach(lookUp -> lookUp.complete(level(CONSOLE, 5)));

        // Then
        assertThat(next).succeedsWithin(Duration.ofSeconds(1)).isEqualTo(level(CONSOLE, 5));
    }

    @Test
    void forgettingIsPassedOn() {
        // When
        levels.forget(new Sku("console")).await().indefinitely();

        // Then
        assertThat(forgotten).containsExactly(new Sku("console"));
    }

    private CompletableFuture<StockLevel> askTogether(CyclicBarrier together) {
        try {
            together.await(5, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return ask(CONSOLE);
    }

    private CompletableFuture<StockLevel> ask(Listing listing) {
        return levels.level(listing).subscribeAsCompletionStage();
    }

    private static StockLevel level(Listing listing, long available) {
        return new StockLevel(listing.product().sku(), available, Samples.NOW, StockLevel.Source.SHARDS);
    }
}
