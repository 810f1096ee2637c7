package dev.flashstock.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flashstock.Samples;
import dev.flashstock.inventory.Attempt;
import dev.flashstock.inventory.GroupCommit;
import dev.flashstock.inventory.GroupCommit.Reason;
import dev.flashstock.inventory.Listing;
import dev.flashstock.sharding.Spread;
import dev.flashstock.stock.Adjustment;
import dev.flashstock.stock.Portion;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ShardLevel;
import io.quarkus.test.junit.QuarkusTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The adapter's port for stock against the real table. */
@QuarkusTest
class DynamoDbStockTest extends TableFixture {
    // Gathers

    @ParameterizedTest
    @ValueSource(ints = {1, 99, 100, 101, 256})
    void aGatherReadsEveryShardAndThoseThatNeverHadAUnitAreZero(int shards) {
        // Given
        Listing listing = created(shards);
        Random random = new Random(shards);
        List<ShardLevel> expected = new ArrayList<>();
        List<Portion> portions = new ArrayList<>();
        for (int shard = 0; shard < shards; shard++) {
            boolean never = shard % 3 == 1;
            long units = never ? 0 : 1 + random.nextInt(1_000);
            expected.add(new ShardLevel(shard, units, never ? 0 : 1));
            if (!never) {
                portions.add(new Portion(shard, units));
            }
        }
        for (int from = 0; from < portions.size(); from += GroupCommit.MAX_ENTRIES) {
            deliver(listing, portions.subList(from, Math.min(portions.size(), from + GroupCommit.MAX_ENTRIES)));
        }

        // When
        List<ShardLevel> levels = gather(listing);

        // Then
        assertThat(levels).isEqualTo(expected);
    }

    @Test
    void aGatherReadsNoMoreShardsThanItIsAskedFor() {
        // Given
        Listing listing = stocked(10, 20, 30);

        // When
        List<ShardLevel> levels = stock.gather(sku(listing), 2).await().atMost(PATIENCE);

        // Then
        assertThat(levels).containsExactly(new ShardLevel(0, 10, 1), new ShardLevel(1, 20, 1));
    }

    // Adjustments

    @Test
    void anAdjustmentChangesTheShardsAndIsRecorded() {
        // Given
        Listing listing = created(3);
        Adjustment adjustment = Samples.adjustment(sku(listing), 30);

        // When
        Attempt attempt = adjust(adjustment, new Portion(0, 10), new Portion(2, 20));

        // Then
        assertThat(attempt).isEqualTo(Attempt.DONE);
        assertThat(gather(listing)).extracting(ShardLevel::available).containsExactly(10L, 0L, 20L);
        assertThat(recorded(adjustment)).contains(adjustment);
        assertThat(ever(listing)).isEqualTo(30);
    }

    @Test
    void theSameAdjustmentASecondTimeFindsItselfAndChangesNothing() {
        // Given
        Listing listing = created(1);
        Adjustment adjustment = Samples.adjustment(sku(listing), 10);
        adjust(adjustment, new Portion(0, 10));

        // When
        Attempt attempt = adjust(adjustment, new Portion(0, 10));

        // Then
        assertThat(attempt).isEqualTo(Attempt.CHANGED);
        assertThat(gather(listing)).containsExactly(new ShardLevel(0, 10, 1));
        assertThat(ever(listing)).isEqualTo(10);
    }

    @Test
    void anAdjustmentThatWouldTakeAShardBelowZeroChangesNothing() {
        // Given
        Listing listing = stocked(5, 5);
        Adjustment damage = Samples.adjustment(sku(listing), -8);

        // When
        Attempt attempt = adjust(damage, new Portion(0, 2), new Portion(1, 6));

        // Then
        assertThat(attempt).isEqualTo(Attempt.CHANGED);
        assertThat(gather(listing)).extracting(ShardLevel::available).containsExactly(5L, 5L);
        assertThat(recorded(damage)).isEmpty();
    }

    @Test
    void anAdjustmentTakesTheVeryLastUnit() {
        // Given
        Listing listing = stocked(5);

        // When
        Attempt attempt = adjust(Samples.adjustment(sku(listing), -5), new Portion(0, 5));

        // Then
        assertThat(attempt).isEqualTo(Attempt.DONE);
        assertThat(gather(listing)).containsExactly(new ShardLevel(0, 0, 2));
        assertThat(ever(listing)).isZero();
    }

    @Test
    void anAdjustmentOfAProductThatIsNotThereChangesNothing() {
        // Given
        Listing never = Samples.listing(Samples.newSku(), 1);
        Adjustment adjustment = Samples.adjustment(sku(never), 10);

        // When
        Attempt attempt = adjust(adjustment, new Portion(0, 10));

        // Then
        assertThat(attempt).isEqualTo(Attempt.CHANGED);
        assertThat(gather(never)).containsExactly(new ShardLevel(0, 0, 0));
        assertThat(recorded(adjustment)).isEmpty();
    }

    @Test
    void anAdjustmentOverTheMostShardsFitsIntoOneTransaction() {
        // Given
        Listing listing = created(GroupCommit.MAX_ENTRIES);
        Portion[] portions = IntStream.range(0, GroupCommit.MAX_ENTRIES)
                .mapToObj(shard -> new Portion(shard, 1))
                .toArray(Portion[]::new);

        // When
        Attempt attempt = adjust(Samples.adjustment(sku(listing), GroupCommit.MAX_ENTRIES), portions);

        // Then
        assertThat(attempt).isEqualTo(Attempt.DONE);
        assertThat(Spread.total(gather(listing))).isEqualTo(GroupCommit.MAX_ENTRIES);
    }

    // Commits

    @Test
    void aCommitTakesFromItsShardAndPutsItsReservations() {
        // Given
        Listing listing = stocked(5, 5);
        Reservation one = hold(listing, 1);
        Reservation other = hold(listing, 3);

        // When
        GroupCommit.Result result = commit(listing, one, other);

        // Then
        assertThat(result).isEqualTo(new GroupCommit.Result.Committed());
        assertThat(gather(listing)).containsExactly(new ShardLevel(0, 1, 2), new ShardLevel(1, 5, 1));
        assertThat(stored(one)).contains(one);
        assertThat(stored(other)).contains(other);
    }

    @Test
    void aCommitTakesAndGivesBackInOne() {
        // Given
        Listing listing = stocked(5);
        Reservation there = hold(listing, 4);
        commit(listing, there);
        Reservation fresh = hold(listing, 5);

        // When
        GroupCommit.Result result =
                commit(listing, List.of(fresh), List.of(new GroupCommit.Return(there, Reservation.Status.RELEASED)));

        // Then
        assertThat(result).isEqualTo(new GroupCommit.Result.Committed());
        assertThat(gather(listing)).containsExactly(new ShardLevel(0, 0, 3));
        assertThat(stored(fresh)).contains(fresh);
        assertThat(stored(there)).contains(there.as(Reservation.Status.RELEASED));
    }

    @Test
    void aCommitWithAReservationThatIsThereNamesItAndChangesNothing() {
        // Given
        Listing listing = stocked(10);
        Reservation there = hold(listing, 2);
        commit(listing, there);
        Reservation fresh = hold(listing, 3);

        // When
        GroupCommit.Result result = commit(listing, fresh, there);

        // Then
        assertThat(result)
                .isEqualTo(new GroupCommit.Result.Cancelled(
                        new Reason.None(), List.of(new Reason.None(), new Reason.Exists(there)), List.of()));
        assertThat(Spread.total(gather(listing))).isEqualTo(8);
        assertThat(stored(fresh)).isEmpty();
    }

    @Test
    void aCommitOfMoreThanTheShardHasSaysHowMuchItHas() {
        // Given
        Listing listing = stocked(5, 1);
        Reservation hold = hold(listing, 6);

        // When
        GroupCommit.Result result = commit(listing, hold);

        // Then
        assertThat(result)
                .isEqualTo(
                        new GroupCommit.Result.Cancelled(new Reason.TooFew(5), List.of(new Reason.None()), List.of()));
        assertThat(Spread.total(gather(listing))).isEqualTo(6);
        assertThat(stored(hold)).isEmpty();
    }

    @Test
    void aCommitSentTwiceUnderItsTokenHappensOnce() {
        // Given
        Listing listing = stocked(5);
        GroupCommit commit = new GroupCommit(
                "token-" + sku(listing).value().substring(5, 30),
                sku(listing),
                0,
                List.of(hold(listing, 2)),
                List.of());
        stock.commit(commit).await().atMost(PATIENCE);

        // When
        GroupCommit.Result again = stock.commit(commit).await().atMost(PATIENCE);

        // Then
        assertThat(again).isEqualTo(new GroupCommit.Result.Committed());
        assertThat(gather(listing)).containsExactly(new ShardLevel(0, 3, 2));
    }

    // Moves

    @Test
    void aMoveBringsUnitsFromSeveralShardsToOne() {
        // Given
        Listing listing = stocked(5, 4, 3);

        // When
        Attempt attempt = stock.move(sku(listing), List.of(new Portion(0, 5), new Portion(2, 1)), 1)
                .await()
                .atMost(PATIENCE);

        // Then
        assertThat(attempt).isEqualTo(Attempt.DONE);
        assertThat(gather(listing))
                .containsExactly(new ShardLevel(0, 0, 2), new ShardLevel(1, 10, 2), new ShardLevel(2, 2, 2));
    }

    @Test
    void aMoveOfMoreThanAShardHasChangesNothing() {
        // Given
        Listing listing = stocked(5, 4, 3);

        // When
        Attempt attempt = stock.move(sku(listing), List.of(new Portion(0, 1), new Portion(2, 4)), 1)
                .await()
                .atMost(PATIENCE);

        // Then
        assertThat(attempt).isEqualTo(Attempt.CHANGED);
        assertThat(gather(listing)).extracting(ShardLevel::available).containsExactly(5L, 4L, 3L);
    }

    private Optional<Adjustment> recorded(Adjustment adjustment) {
        return stock.adjustment(adjustment.sku(), adjustment.id()).await().atMost(PATIENCE);
    }
}
