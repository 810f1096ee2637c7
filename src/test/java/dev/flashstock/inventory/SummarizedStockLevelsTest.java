package dev.flashstock.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flashstock.Samples;
import dev.flashstock.stock.ShardLevel;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.StockLevel;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A total is read from a summary when that is whole and not too old, else from the shards. */
class SummarizedStockLevelsTest {
    private static final Duration MOST_BEHIND = Duration.ofSeconds(15);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long GENERATION = 3;

    private final InMemorySummaries summaries = new InMemorySummaries();
    private final Listing listing = Samples.listing(Samples.newSku(), 2);
    private final Sku sku = listing.product().sku();
    private final Map<Sku, List<ShardLevel>> counted = new HashMap<>();
    private int counts;
    private Runnable whileCounting = () -> {};

    private final StockTable table = new ForwardingStock(Unusable.stock()) {
        @Override
        public Uni<Map<Sku, List<ShardLevel>>> gather(Map<Sku, Integer> readShards) {
            return Uni.createFrom().item(() -> {
                counts++;
                Map<Sku, List<ShardLevel>> levels = new HashMap<>();
                readShards.forEach((sku, shards) -> levels.put(
                        sku,
                        counted.getOrDefault(
                                sku,
                                IntStream.range(0, shards)
                                        .mapToObj(it -> new ShardLevel(it, 100, 9))
                                        .toList())));
                whileCounting.run();
                return levels;
            });
        }
    };

    @Test
    void aWholeSummaryIsTheAnswerAsOldAsTheFollowerSays() {
        // Given
        Instant upTo = Samples.NOW.minusSeconds(15);
        follow(upTo);
        write(GENERATION, level(0, 3), level(1, 4));

        // When
        StockLevel level = level();

        // Then
        assertThat(level).isEqualTo(new StockLevel(sku, 7, upTo, StockLevel.Source.SUMMARY));
        assertThat(counts).isZero();
    }

    @Test
    void whenNobodyFollowsTheShardsAreCounted() {
        // Given
        write(GENERATION, level(0, 3), level(1, 4));

        // When / Then
        assertThat(level()).isEqualTo(new StockLevel(sku, 200, Samples.NOW, StockLevel.Source.SHARDS));
    }

    @Test
    void whenTheFollowerIsTooFarBehindTheShardsAreCountedAndNothingIsWritten() {
        // Given
        follow(Samples.NOW.minus(MOST_BEHIND).minusMillis(1));
        write(GENERATION, level(0, 3), level(1, 4));
        Summary before = summary();

        // When
        StockLevel level = level();

        // Then
        assertThat(level.source()).isEqualTo(StockLevel.Source.SHARDS);
        assertThat(summary()).isEqualTo(before);
    }

    @Test
    void aSummaryThatLacksAShardIsCompletedByWhoCounts() {
        // Given
        follow(Samples.NOW);
        write(GENERATION, level(0, 3));

        // When
        StockLevel first = level();
        StockLevel second = level();

        // Then
        assertThat(first.source()).isEqualTo(StockLevel.Source.SHARDS);
        assertThat(second).isEqualTo(new StockLevel(sku, 200, Samples.NOW, StockLevel.Source.SUMMARY));
    }

    @Test
    void shardsBeyondTheLayoutDoNotCount() {
        // Given
        follow(Samples.NOW);
        write(GENERATION, level(0, 3), level(1, 4), level(2, 50));

        // When / Then
        assertThat(level().available()).isEqualTo(7);
    }

    @Test
    void aSummaryOfAnEarlierGenerationIsCountedAnew() {
        // Given
        follow(Samples.NOW);
        write(GENERATION - 1, level(0, 3), level(1, 4));

        // When
        StockLevel first = level();

        // Then
        assertThat(first.source()).isEqualTo(StockLevel.Source.SHARDS);
        assertThat(level()).isEqualTo(new StockLevel(sku, 200, Samples.NOW, StockLevel.Source.SUMMARY));
    }

    @Test
    void whatTheFollowerWritesMeanwhileIsNotWrittenOver() {
        // Given
        follow(Samples.NOW);
        whileCounting = () -> write(0, level(0, 3));

        // When
        level();

        // Then
        assertThat(summary().levels()).containsOnlyKeys(0);
    }

    @Test
    void ofManyThoseWithoutASummaryAreCountedTogether() {
        // Given
        follow(Samples.NOW);
        write(GENERATION, level(0, 3), level(1, 4));
        Listing other = Samples.listing(Samples.newSku(), 1);
        Listing third = Samples.listing(Samples.newSku(), 1);

        // When
        Map<Sku, StockLevel> levels =
                levels(summaries).levels(List.of(listing, other, third)).await().atMost(PATIENCE);

        // Then
        assertThat(levels.get(sku).source()).isEqualTo(StockLevel.Source.SUMMARY);
        assertThat(List.of(
                        levels.get(other.product().sku()),
                        levels.get(third.product().sku())))
                .extracting(StockLevel::source)
                .containsOnly(StockLevel.Source.SHARDS);
        assertThat(counts).isEqualTo(1);
    }

    @Test
    void withoutTheSummariesTheShardsAreCounted() {
        // Given
        follow(Samples.NOW);

        // When / Then
        assertThat(level(new Broken(true)).source()).isEqualTo(StockLevel.Source.SHARDS);
        assertThat(level(new Broken(false)).source()).isEqualTo(StockLevel.Source.SHARDS);
    }

    @Test
    void whenTheShardsCannotBeCountedThatIsTold() {
        // Given
        whileCounting = () -> {
            throw new Unavailable("Rehearsed");
        };

        // When / Then
        assertThatThrownBy(this::level).isInstanceOf(Unavailable.class);
    }

    private StockLevel level() {
        return level(summaries);
    }

    private StockLevel level(SummaryTable table) {
        return levels(table).level(listing).await().atMost(PATIENCE);
    }

    private StockLevels levels(SummaryTable of) {
        return new SummarizedStockLevels(of, table, MOST_BEHIND, () -> Samples.NOW);
    }

    private void follow(Instant upTo) {
        summaries
                .take(Optional.empty(), new Lease("any", 1, 1, "stream", GENERATION, upTo, Map.of()))
                .await()
                .atMost(PATIENCE);
    }

    private void write(long generation, ShardLevel... levels) {
        Map<Integer, ShardLevel> byShard = new HashMap<>();
        List.of(levels).forEach(it -> byShard.put(it.shard(), it));
        summaries
                .save(new Summary(sku, summary().revision(), 1, generation, byShard))
                .await()
                .atMost(PATIENCE);
    }

    private Summary summary() {
        return Objects.requireNonNull(
                summaries.find(Set.of(sku)).await().atMost(PATIENCE).get(sku));
    }

    private static ShardLevel level(int shard, long units) {
        return new ShardLevel(shard, units, 5);
    }

    /** Does not answer, or answers only where the lease is. */
    private final class Broken implements SummaryTable {
        private final boolean whole;

        Broken(boolean whole) {
            this.whole = whole;
        }

        @Override
        public Uni<Map<Sku, Summary>> find(Collection<Sku> skus) {
            return Uni.createFrom().failure(new Unavailable("Rehearsed"));
        }

        @Override
        public Uni<Attempt> save(Summary summary) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Uni<Optional<Lease>> lease() {
            return whole ? Uni.createFrom().failure(new Unavailable("Rehearsed")) : summaries.lease();
        }

        @Override
        public Uni<Attempt> take(Optional<Lease> before, Lease next) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Uni<Attempt> keep(String owner, Lease lease) {
            throw new UnsupportedOperationException();
        }
    }
}
