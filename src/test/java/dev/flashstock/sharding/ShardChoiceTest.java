package dev.flashstock.sharding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flashstock.stock.Sku;
import dev.flashstock.stock.UserId;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardChoiceTest {
    private static final int USERS = 10_000;
    private static final Sku SKU = new Sku("console");

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 10, 97, 256})
    void aRandomShardIsOneOfThoseThatTakeWrites(int writeShards) {
        // Given
        long seed = new Random().nextLong();
        ShardChoice choice = ShardChoice.random(new Random(seed)::nextInt);
        Layout layout = new Layout(writeShards, 256, 1);

        // When
        int[] counts = counts(choice, layout);

        // Then
        assertThat(counts).as("seed %d", seed).doesNotContain(0).hasSize(writeShards);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 10, 64, 256})
    void aHashedShardIsOneOfThoseThatTakeWritesAndUsersOfLikeNamesAreBalanced(int writeShards) {
        // Given
        ShardChoice choice = ShardChoice.hash();
        int fair = USERS / writeShards;

        // When
        int[] counts = counts(choice, new Layout(writeShards, 256, 1));

        // Then
        // Six standard deviations of a fair draw.
        double tolerance = 6 * Math.sqrt(fair) + 1;
        assertThat(IntStream.of(counts).boxed())
                .allSatisfy(count -> assertThat((double) count).isBetween(fair - tolerance, fair + tolerance));
    }

    @Test
    void theSameUserHasTheSameShardAsLongAsTheLayoutStays() {
        // Given
        Layout before = new Layout(10, 10, 1);
        Layout after = new Layout(10, 12, 9);
        int[] first = IntStream.range(0, USERS)
                .map(i -> ShardChoice.hash().choose(SKU, user(i), before))
                .toArray();

        // When
        int[] again = IntStream.range(0, USERS)
                .map(i -> ShardChoice.hash().choose(SKU, user(i), after))
                .toArray();

        // Then
        assertThat(again).isEqualTo(first);
    }

    @Test
    void aHashIsTheSameInEveryProcess() {
        // Given
        Layout layout = Layout.of(256);

        // When
        int[] shards = IntStream.of(1, 2, 3)
                .map(i -> ShardChoice.hash().choose(SKU, user(i), layout))
                .toArray();

        // Then
        assertThat(shards).containsExactly(expected(1), expected(2), expected(3));
    }

    @Test
    void aPodsOwnShardsAreChosenEquallyOftenAndNoOther() {
        // Given
        long seed = new Random().nextLong();
        ShardChoice choice = ShardChoice.owned((sku, layout) -> List.of(1, 4, 9), new Random(seed)::nextInt);

        // When
        int[] counts = counts(choice, Layout.of(10));

        // Then
        double fair = USERS / 3.0;
        double tolerance = 6 * Math.sqrt(fair);
        assertThat(IntStream.of(1, 4, 9).map(shard -> counts[shard]).boxed())
                .as("seed %d", seed)
                .allSatisfy(count -> assertThat((double) count).isBetween(fair - tolerance, fair + tolerance));
        assertThat(IntStream.of(counts).sum()).isEqualTo(counts[1] + counts[4] + counts[9]);
    }

    @Test
    void aPodWithoutShardsOfItsOwnChoosesAnyOfThem() {
        // Given
        long seed = new Random().nextLong();
        ShardChoice choice = ShardChoice.owned((sku, layout) -> List.of(), new Random(seed)::nextInt);

        // When
        int[] counts = counts(choice, new Layout(10, 12, 1));

        // Then
        assertThat(counts).as("seed %d", seed).doesNotContain(0).hasSize(10);
    }

    @Test
    void itIsTheReservationsOwnSkuAndLayoutWhoseShardsAreAskedFor() {
        // Given
        Layout layout = Layout.of(4);
        ShardChoice choice =
                ShardChoice.owned((sku, its) -> List.of(sku.equals(SKU) && its.equals(layout) ? 3 : 0), bound -> 0);

        // When
        int shard = choice.choose(SKU, user(1), layout);

        // Then
        assertThat(shard).isEqualTo(3);
    }

    /** Murmur3's finalizer, by its published constants, in 64-bit arithmetic. */
    private static int expected(int i) {
        long h = user(i).value().hashCode() & 0xffffffffL;
        h = ((h ^ (h >>> 16)) * 0x85ebca6bL) & 0xffffffffL;
        h = ((h ^ (h >>> 13)) * 0xc2b2ae35L) & 0xffffffffL;
        return (int) ((h ^ (h >>> 16)) & 0xff);
    }

    private static int[] counts(ShardChoice choice, Layout layout) {
        int[] counts = new int[layout.writeShards()];
        for (int i = 1; i <= USERS; i++) {
            counts[choice.choose(SKU, user(i), layout)]++;
        }
        return counts;
    }

    private static UserId user(int i) {
        return new UserId("user-" + i);
    }
}
