package dev.flashstock.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.flashstock.Samples;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.StockLevel;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class PodStockLevelsTest {
    private static final int READERS = 32;
    private static final Freshness LASTING =
            new Freshness(Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ZERO);
    private static final Freshness FLEETING =
            new Freshness(Duration.ofMillis(50), Duration.ofMinutes(1), Duration.ZERO);
    private static final Listing CONSOLE = Samples.listing(new Sku("console"), 10);
    private static final Listing PHONE = Samples.listing(new Sku("phone"), 10);

    /** What the layer below was asked for; each question stays open until the test answers it. */
    private final List<LookUp> lookUps = new CopyOnWriteArrayList<>();

    private final List<Sku> forgotten = new ArrayList<>();
    private final AtomicBoolean oldOnesWillDo = new AtomicBoolean();
    private final PodStockLevels levels = new PodStockLevels(new Below(), LASTING, oldOnesWillDo::get);

    private record LookUp(Collection<Listing> listings, CompletableFuture<Map<Sku, StockLevel>> answer) {
        void answer(long available) {
            Map<Sku, StockLevel> all = new HashMap<>();
            listings.forEach(it -> all.put(it.product().sku(), counted(it, available)));
            answer.complete(all);
        }
    }

    private final class Below implements StockLevels {
        @Override
        public Uni<Map<Sku, StockLevel>> levels(Collection<Listing> listings) {
            return Uni.createFrom().completionStage(() -> {
                LookUp lookUp = new LookUp(listings, new CompletableFuture<>());
                lookUps.add(lookUp);
                return lookUp.answer();
            });
        }

        @Override
        public Uni<Void> forget(Sku sku) {
            return Uni.createFrom().voidItem().invoke(() -> forgotten.add(sku));
        }
    }

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
        lookUps.forEach(lookUp -> lookUp.answer(7));
        threads.shutdown();

        // Then
        assertThat(lookUps).hasSize(1);
        assertThat(answers)
                .extracting(answer -> answer.get(5, TimeUnit.SECONDS).available())
                .containsOnly(7L);
    }

    @Test
    void thoseWhoAskAfterwardsGetTheSameFromThisProcess() {
        // Given
        CompletableFuture<StockLevel> first = ask(CONSOLE);
        lookUps.get(0).answer(7);

        // When
        CompletableFuture<StockLevel> next = ask(CONSOLE);

        // Then
        assertThat(first).isCompletedWithValue(counted(CONSOLE, 7));
        assertThat(next)
                .isCompletedWithValue(new StockLevel(CONSOLE.product().sku(), 7, Samples.NOW, StockLevel.Source.POD));
        assertThat(lookUps).hasSize(1);
    }

    @Test
    void aLevelIsLookedUpAgainWhenItsTimeIsOver() {
        // Given
        PodStockLevels levels = new PodStockLevels(new Below(), FLEETING, oldOnesWillDo::get);
        levels.level(CONSOLE).subscribeAsCompletionStage();
        lookUps.get(0).answer(7);

        // When
        await().atMost(Duration.ofSeconds(10)).until(() -> {
            levels.level(CONSOLE).subscribeAsCompletionStage();
            return lookUps.size() > 1;
        });

        // Then
        assertThat(lookUps).hasSize(2);
    }

    @Test
    void anOldLevelIsToldWhereThatWillDo() {
        // Given
        PodStockLevels levels = new PodStockLevels(new Below(), FLEETING, oldOnesWillDo::get);
        levels.level(CONSOLE).subscribeAsCompletionStage();
        lookUps.get(0).answer(7);
        await().atMost(Duration.ofSeconds(10)).until(() -> {
            levels.level(CONSOLE).subscribeAsCompletionStage();
            return lookUps.size() > 1;
        });
        lookUps.get(1).answer().completeExceptionally(new Unavailable("too much to do"));
        oldOnesWillDo.set(true);

        // When
        CompletableFuture<Map<Sku, StockLevel>> both =
                levels.levels(List.of(CONSOLE, PHONE)).subscribeAsCompletionStage();
        lookUps.get(2).answer(3);

        // Then
        assertThat(lookUps.get(2).listings()).containsExactly(PHONE);
        assertThat(both.join().values())
                .extracting(StockLevel::available, StockLevel::source)
                .containsExactlyInAnyOrder(tuple(7L, StockLevel.Source.POD), tuple(3L, StockLevel.Source.SHARDS));
    }

    @Test
    void ofSeveralOnlyThoseAreLookedUpThatAreNotKnownAndTogether() {
        // Given
        Listing television = Samples.listing(new Sku("television"), 10);
        ask(CONSOLE);
        lookUps.get(0).answer(7);

        // When
        CompletableFuture<Map<Sku, StockLevel>> all =
                levels.levels(List.of(PHONE, CONSOLE, television)).subscribeAsCompletionStage();
        lookUps.get(1).answer(3);

        // Then
        assertThat(lookUps).hasSize(2);
        assertThat(Set.copyOf(lookUps.get(1).listings())).containsExactlyInAnyOrder(PHONE, television);
        assertThat(all.join().values())
                .extracting(StockLevel::available, StockLevel::source)
                .containsExactlyInAnyOrder(
                        tuple(7L, StockLevel.Source.POD),
                        tuple(3L, StockLevel.Source.SHARDS),
                        tuple(3L, StockLevel.Source.SHARDS));
    }

    @Test
    void aFailureReachesAllWhoAskedAndIsNotRemembered() {
        // Given
        CompletableFuture<StockLevel> first = ask(CONSOLE);
        CompletableFuture<StockLevel> second = ask(CONSOLE);

        // When
        lookUps.get(0).answer().completeExceptionally(new Unavailable("away"));
        CompletableFuture<StockLevel> third = ask(CONSOLE);
        lookUps.get(1).answer(6);

        // Then
        assertThat(first).isCompletedExceptionally();
        assertThat(second)
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingRootCause()
                .isInstanceOf(Unavailable.class);
        assertThat(third).isCompletedWithValue(counted(CONSOLE, 6));
        assertThat(lookUps).hasSize(2);
    }

    @Test
    void whoGivesUpDoesNotEndTheOthersLookUp() {
        // Given
        CompletableFuture<StockLevel> impatient = ask(CONSOLE);
        CompletableFuture<StockLevel> patient = ask(CONSOLE);

        // When
        impatient.cancel(true);
        lookUps.get(0).answer(7);

        // Then
        assertThat(patient).isDone();
        assertThat(patient.join().available()).isEqualTo(7);
        assertThat(lookUps).hasSize(1);
    }

    @Test
    void whatIsForgottenIsForgottenBelowAndHereAlsoWhileItIsLookedUp() {
        // Given
        CompletableFuture<StockLevel> before = ask(CONSOLE);
        levels.forget(new Sku("console")).await().indefinitely();

        // When
        CompletableFuture<StockLevel> after = ask(CONSOLE);
        lookUps.get(0).answer(7);
        lookUps.get(1).answer(6);

        // Then
        assertThat(forgotten).containsExactly(new Sku("console"));
        assertThat(before.join().available()).isEqualTo(7);
        assertThat(after.join().available()).isEqualTo(6);
        assertThat(ask(CONSOLE).join().available()).isEqualTo(6);
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

    private static StockLevel counted(Listing listing, long available) {
        return new StockLevel(listing.product().sku(), available, Samples.NOW, StockLevel.Source.SHARDS);
    }
}
