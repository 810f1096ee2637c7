package dev.flashstock.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.flashstock.inventory.GroupCommit;
import dev.flashstock.simulation.CrowdedTable.Counts;
import dev.flashstock.simulation.CrowdedTable.Speed;
import dev.flashstock.simulation.PodsOnShards.Case;
import dev.flashstock.simulation.PodsOnShards.Choice;
import dev.flashstock.simulation.PodsOnShards.Rest;
import dev.flashstock.simulation.PodsOnShards.Result;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whether the simulation behind docs/benchmarks/scale.md is to be believed. */
class PodsOnShardsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final int ALWAYS_FULL = 0;
    private static final long PLENTY = Integer.MAX_VALUE;

    @Test
    void theSameSeedGivesTheSameFigures() {
        // Given
        Case crowded = new Case(5, 3, Choice.OWNED, 2_000);

        // When
        Result one = PodsOnShards.run(crowded, SECOND, SECOND, 1);

        // Then
        assertThat(PodsOnShards.run(crowded, SECOND, SECOND, 1)).isEqualTo(one);
        assertThat(PodsOnShards.run(crowded, SECOND, SECOND, 2)).isNotEqualTo(one);
    }

    /** A full transaction after the other: 97 in the time that one takes. */
    @ParameterizedTest
    @CsvSource({"1, 1", "1, 4", "4, 4"})
    void shardsThatHaveOneOwnerEachAreAsFastAsTransactionsAre(int pods, int shards) {
        // Given
        Speed steady = new Speed(0.5, 7, 0.25, 0);
        double seconds = (2 * 0.5 + 7 + 0.25 * (GroupCommit.MAX_ENTRIES + 3)) / 1_000;
        PodsOnShards full = new PodsOnShards(new Case(pods, shards, Choice.OWNED, ALWAYS_FULL), steady, PLENTY, 1);

        // When
        Rest rest = full.rest(Duration.ofSeconds(5));

        // Then
        double perSecond = shards * GroupCommit.MAX_ENTRIES / seconds;
        assertThat(rest.held() / 5.0).isCloseTo(perSecond, withinPercentage(4));
        assertThat(rest.table().conflicts()).isZero();
    }

    /** On which docs/scale.md reckons. */
    @ParameterizedTest
    @CsvSource({"400", "1000", "2000"})
    void aTransactionHasThoseWhoCameDuringTheOneBefore(int ofAShard) {
        // When
        Result result = PodsOnShards.run(new Case(5, 10, Choice.OWNED, 10 * ofAShard), SECOND, SECOND, 1);

        // Then
        assertThat(result.batch()).isCloseTo(PodsOnShards.batch(ofAShard), withinPercentage(5));
    }

    /** Each transaction draws two units of its shard's thousand a second. */
    @Test
    void noShardTakesMoreTransactionsThanItsPartitionBears() {
        // Given
        Speed fast = new Speed(0.05, 0.2, 0, 0);
        PodsOnShards much = new PodsOnShards(new Case(1, 2, Choice.OWNED, ALWAYS_FULL), fast, PLENTY, 1);

        // When
        Rest rest = much.rest(Duration.ofSeconds(2));

        // Then
        assertThat(rest.table().commits()).isBetween(1_000L, 2 * 500L * 3);
        assertThat(rest.table().throttles()).isPositive();
    }

    /** Two hundred shards could do more; the 16 keys of a minute's expiries bear 500 transactions a second each. */
    @Test
    void allShardsTogetherTakeNoMoreTransactionsThanTheExpiriesOfAMinuteBear() {
        // Given
        Speed fast = new Speed(0.05, 2, 0, 0);
        PodsOnShards much = new PodsOnShards(new Case(50, 200, Choice.OWNED, 20_000), fast, PLENTY, 1);

        // When
        Rest rest = much.rest(Duration.ofSeconds(2));

        // Then
        assertThat(rest.table().commits()).isLessThan(16 * 500 * 3);
        assertThat(rest.table().throttles()).isPositive();
        assertThat(rest.held()).isEqualTo(rest.came());
    }

    @ParameterizedTest
    @CsvSource({"OWNED", "RANDOM", "UNAWARE"})
    void whatIsSoldWasThereAndAllOfItIsSold(Choice choice) {
        // Given
        PodsOnShards soldOut = new PodsOnShards(new Case(6, 4, choice, 3_000), Speed.ASSUMED, 100, 1);

        // When
        Rest rest = soldOut.rest(SECOND);

        // Then
        assertThat(rest.held()).isEqualTo(400);
        assertThat(rest.left()).isZero();
        assertThat(rest.held() + rest.rejected()).isEqualTo(rest.came());
        assertThat(rest.table().holds()).isEqualTo(400);
    }

    @Test
    void whoDoesNotKeepApartMeetsOthers() {
        // When
        Result owned = PodsOnShards.run(new Case(10, 10, Choice.OWNED, 4_000), SECOND, SECOND, 1);
        Result unaware = PodsOnShards.run(new Case(10, 10, Choice.UNAWARE, 4_000), SECOND, SECOND, 1);

        // Then
        assertThat(owned.conflicted()).isZero();
        assertThat(unaware.conflicted()).isGreaterThan(0.1);
    }

    /** The figures of docs/benchmarks.md, which DynamoDB's own answers gave. */
    @ParameterizedTest
    @CsvSource({"1, 8.000", "10, 2.600", "97, 2.186"})
    void aReservationCostsWhatWasMeasured(int reservations, double each) {
        assertThat((double) CrowdedTable.units(reservations) / reservations).isCloseTo(each, within(0.0005));
    }

    @Test
    void countsAreOfWhatHasEndedSince() {
        // Given
        Counts before = new Counts(1, 2, 3, 4, 5);

        // When
        Counts since = new Counts(10, 20, 30, 40, 50).since(before);

        // Then
        assertThat(since).isEqualTo(new Counts(9, 18, 27, 36, 45));
    }
}
