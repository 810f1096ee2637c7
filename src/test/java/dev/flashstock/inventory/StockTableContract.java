package dev.flashstock.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flashstock.Samples;
import dev.flashstock.inventory.GroupCommit.Reason;
import dev.flashstock.sharding.Spread;
import dev.flashstock.stock.Adjustment;
import dev.flashstock.stock.Movement;
import dev.flashstock.stock.Portion;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ShardLevel;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.UserId;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The port for stock, whatever is behind it. */
public abstract class StockTableContract extends TableContract {
    // Gathers

    @ParameterizedTest
    @ValueSource(ints = {1, 99, 100, 101, 256})
    public void aGatherReadsEveryShardAndThoseThatNeverHadAUnitAreZero(int shards) {
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
    public void aGatherReadsNoMoreShardsThanItIsAskedFor() {
        // Given
        Listing listing = stocked(10, 20, 30);

        // When
        List<ShardLevel> levels = stock.gather(sku(listing), 2).await().atMost(PATIENCE);

        // Then
        assertThat(levels).containsExactly(new ShardLevel(0, 10, 1), new ShardLevel(1, 20, 1));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 100, 101})
    public void aSnapshotReadsEveryShardAndThoseThatNeverHadAUnitAreZero(int shards) {
        // Given
        Listing listing = created(shards);
        deliver(listing, List.of(new Portion(shards - 1, 7)));

        // When
        Optional<List<ShardLevel>> levels =
                stock.snapshot(sku(listing), shards).await().atMost(PATIENCE);

        // Then
        assertThat(levels).contains(gather(listing));
    }

    @Test
    public void aSnapshotSeesNothingWhileATransactionIsUnderWay() {
        // Given
        Listing listing = stocked(1, 1);
        CompletableFuture<Attempt> move = begin(sku(listing), stock.move(move(listing, List.of(new Portion(0, 1)), 1)));

        // When
        Optional<List<ShardLevel>> during =
                stock.snapshot(sku(listing), 2).await().atMost(PATIENCE);
        end();
        move.join();
        Optional<List<ShardLevel>> after =
                stock.snapshot(sku(listing), 2).await().atMost(PATIENCE);

        // Then
        assertThat(during).isEmpty();
        assertThat(after).contains(List.of(new ShardLevel(0, 0, 2, -1, false), new ShardLevel(1, 2, 2, 1, false)));
    }

    // Adjustments

    @Test
    public void anAdjustmentChangesTheShardsAndIsRecorded() {
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
    public void theSameAdjustmentASecondTimeFindsItselfAndChangesNothing() {
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
    public void anAdjustmentThatWouldTakeAShardBelowZeroChangesNothing() {
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
    public void anAdjustmentTakesTheVeryLastUnit() {
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
    public void anAdjustmentOfAProductThatIsNotThereChangesNothing() {
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
    public void anAdjustmentOverTheMostShardsFitsIntoOneTransaction() {
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

    // Returns

    private Reservation sold(Listing listing, int units) {
        Reservation hold = hold(listing, units);
        commit(listing, hold);
        reservations.confirm(hold, "payment-17").await().atMost(PATIENCE);
        return hold.sold("payment-17");
    }

    private Attempt takeBack(Adjustment adjustment, Reservation sold, Portion... portions) {
        return stock.takeBack(adjustment, List.of(portions), sold).await().atMost(PATIENCE);
    }

    @Test
    public void aReturnGivesUnitsToTheShardsAndIsCountedInItsReservation() {
        // Given
        Listing listing = stocked(5, 5);
        Reservation sold = sold(listing, 4);
        Adjustment adjustment = Samples.returnOf(sold, 3);

        // When
        Attempt attempt = takeBack(adjustment, sold, new Portion(0, 1), new Portion(1, 2));

        // Then
        assertThat(attempt).isEqualTo(Attempt.DONE);
        assertThat(gather(listing)).extracting(ShardLevel::available).containsExactly(2L, 7L);
        assertThat(stored(sold)).contains(sold.withReturnOf(3));
        assertThat(recorded(adjustment)).contains(adjustment);
        assertThat(ever(listing)).isEqualTo(13);
        assertThat(ledger.movement(sku(listing), adjustment.adjustedAt(), adjustment.id())
                        .await()
                        .atMost(PATIENCE))
                .contains(new Movement(
                        adjustment.id(),
                        sku(listing),
                        Samples.NOW,
                        List.of(new Movement.Change(0, 1), new Movement.Change(1, 2)),
                        List.of(new Movement.Line(Movement.Kind.ADJUSTMENT, 3, sold.key(), Samples.ADMIN, "RETURN"))));
    }

    @Test
    public void theSameReturnASecondTimeChangesNothing() {
        // Given
        Listing listing = stocked(5);
        Reservation sold = sold(listing, 4);
        Adjustment adjustment = Samples.returnOf(sold, 2);
        takeBack(adjustment, sold, new Portion(0, 2));

        // When
        Attempt attempt = takeBack(adjustment, sold, new Portion(0, 2));

        // Then
        assertThat(attempt).isEqualTo(Attempt.CHANGED);
        assertThat(gather(listing)).extracting(ShardLevel::available).containsExactly(3L);
        assertThat(stored(sold)).contains(sold.withReturnOf(2));
    }

    /** Each was read before the other came back. */
    @Test
    public void asMuchAsWasSoldComesBackInParts() {
        // Given
        Listing listing = stocked(5);
        Reservation sold = sold(listing, 4);

        // When
        Attempt one = takeBack(Samples.returnOf(sold, 1), sold, new Portion(0, 1));
        Attempt rest = takeBack(Samples.returnOf(sold, 3), sold, new Portion(0, 3));

        // Then
        assertThat(List.of(one, rest)).containsOnly(Attempt.DONE);
        assertThat(gather(listing)).extracting(ShardLevel::available).containsExactly(5L);
        assertThat(stored(sold)).contains(sold.withReturnOf(4));
    }

    @ParameterizedTest
    @CsvSource({"0, 5", "1, 4", "4, 1"})
    public void moreThanWasSoldDoesNotComeBack(int before, int units) {
        // Given
        Listing listing = stocked(5);
        Reservation sold = sold(listing, 4);
        if (before > 0) {
            takeBack(Samples.returnOf(sold, before), sold, new Portion(0, before));
        }
        Adjustment tooMany = Samples.returnOf(sold, units);

        // When
        Attempt attempt = takeBack(tooMany, sold, new Portion(0, units));

        // Then
        assertThat(attempt).isEqualTo(Attempt.CHANGED);
        assertThat(Spread.total(gather(listing))).isEqualTo(1 + before);
        assertThat(stored(sold)).contains(sold.withReturnOf(before));
        assertThat(recorded(tooMany)).isEmpty();
    }

    @Test
    public void ofWhatIsNotSoldNothingComesBack() {
        // Given
        Listing listing = stocked(5);
        Reservation held = hold(listing, 1);
        Reservation released = hold(listing, 1);
        Reservation never = hold(listing, 1);
        commit(listing, held, released);
        giveBack(released, Reservation.Status.RELEASED);

        // When
        List<Attempt> attempts = Stream.of(held, released, never)
                .map(it -> takeBack(Samples.returnOf(it, 1), it, new Portion(0, 1)))
                .toList();

        // Then
        assertThat(attempts).containsOnly(Attempt.CHANGED);
        assertThat(Spread.total(gather(listing))).isEqualTo(4);
        assertThat(stored(never)).isEmpty();
    }

    @Test
    public void aReturnOverTheMostShardsFitsIntoOneTransaction() {
        // Given
        int shards = GroupCommit.MAX_ENTRIES - 1;
        Listing listing = stocked(LongStream.iterate(100, it -> 1).limit(shards).toArray());
        Reservation sold = sold(listing, shards);
        Portion[] portions =
                IntStream.range(0, shards).mapToObj(it -> new Portion(it, 1)).toArray(Portion[]::new);

        // When
        Attempt attempt = takeBack(Samples.returnOf(sold, shards), sold, portions);

        // Then
        assertThat(attempt).isEqualTo(Attempt.DONE);
        assertThat(stored(sold)).contains(sold.withReturnOf(shards));
    }

    @Test
    public void atOnceNoMoreComesBackThanWasSold() {
        // Given
        Listing listing = stocked(10, 10, 10, 10);
        Reservation sold = sold(listing, 3);
        List<Uni<Attempt>> returns = IntStream.range(0, 12)
                .mapToObj(i -> stock.takeBack(Samples.returnOf(sold, 1), List.of(new Portion(i % 4, 1)), sold))
                .toList();

        // When
        List<Attempt> attempts = Uni.join().all(returns).andFailFast().await().atMost(PATIENCE);

        // Then
        int done = (int) attempts.stream().filter(Attempt.DONE::equals).count();
        assertThat(done).isBetween(0, 3);
        assertThat(stored(sold)).contains(sold.withReturnOf(done));
        assertThat(Spread.total(gather(listing))).isEqualTo(37 + done);
    }

    // Commits

    @Test
    public void aCommitTakesFromItsShardAndPutsItsReservations() {
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
    public void aCommitTakesAndGivesBackInOne() {
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
    public void aCommitWithAReservationThatIsThereNamesItAndChangesNothing() {
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
    public void aCommitOfMoreThanTheShardHasSaysHowMuchItHas() {
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

    @ParameterizedTest
    @CsvSource({"2, 3", "3, 2", "3, 3"})
    public void whatIsTakenAndGivenBackInACommitIsReckonedUp(int taken, int givenBack) {
        // Given
        Listing listing = stocked(8);
        Reservation there = hold(listing, givenBack);
        commit(listing, there);

        // When
        commit(listing, List.of(hold(listing, taken)), List.of(release(there)));

        // Then
        assertThat(gather(listing)).containsExactly(new ShardLevel(0, 8 - taken, 3));
    }

    @Test
    public void aCommitThatOnlyGivesBackNeedsNoUnits() {
        // Given
        Listing listing = stocked(3);
        Reservation there = hold(listing, 3);
        commit(listing, there);

        // When
        GroupCommit.Result result = commit(listing, List.of(), List.of(release(there)));

        // Then
        assertThat(result).isEqualTo(new GroupCommit.Result.Committed());
        assertThat(gather(listing)).containsExactly(new ShardLevel(0, 3, 3));
    }

    @Test
    public void aCommitOnAShardThatNeverHadAUnitFindsNone() {
        // Given
        Listing listing = created(1);

        // When
        GroupCommit.Result result = commit(listing, hold(listing, 1));

        // Then
        assertThat(result)
                .isEqualTo(
                        new GroupCommit.Result.Cancelled(new Reason.TooFew(0), List.of(new Reason.None()), List.of()));
        assertThat(gather(listing)).containsExactly(new ShardLevel(0, 0, 0));
    }

    @Test
    public void aCommitTellsEveryReasonThatItHas() {
        // Given
        Listing listing = stocked(10);
        Reservation there = hold(listing, 2);
        Reservation over = hold(listing, 1);
        Reservation held = hold(listing, 3);
        commit(listing, there, over, held);
        commit(listing, List.of(), List.of(release(over)));
        Reservation fresh = hold(listing, 9);

        // When
        GroupCommit.Result result = commit(listing, List.of(fresh, there), List.of(release(over), release(held)));

        // Then
        assertThat(result)
                .isEqualTo(new GroupCommit.Result.Cancelled(
                        new Reason.TooFew(5),
                        List.of(new Reason.None(), new Reason.Exists(there)),
                        List.of(new Reason.NotHeld(), new Reason.None())));
        assertThat(gather(listing)).extracting(ShardLevel::available).containsExactly(5L);
        assertThat(stored(held)).contains(held);
        assertThat(stored(fresh)).isEmpty();
    }

    @Test
    public void aCommitOfTheMostReservationsHappensWhole() {
        // Given
        Listing listing = stocked(GroupCommit.MAX_ENTRIES);
        Reservation[] holds = IntStream.range(0, GroupCommit.MAX_ENTRIES)
                .mapToObj(i -> hold(listing, 1))
                .toArray(Reservation[]::new);

        // When
        GroupCommit.Result result = commit(listing, holds);

        // Then
        assertThat(result).isEqualTo(new GroupCommit.Result.Committed());
        assertThat(gather(listing)).containsExactly(new ShardLevel(0, 0, 2));
        assertThat(holds).allSatisfy(it -> assertThat(stored(it)).contains(it));
    }

    // Tokens

    @Test
    public void aCommitSentTwiceUnderItsTokenHappensOnce() {
        // Given
        Listing listing = stocked(5);
        GroupCommit commit = of(listing, newToken(), hold(listing, 2));
        stock.commit(commit).await().atMost(PATIENCE);

        // When
        GroupCommit.Result again = stock.commit(commit).await().atMost(PATIENCE);

        // Then
        assertThat(again).isEqualTo(new GroupCommit.Result.Committed());
        assertThat(gather(listing)).containsExactly(new ShardLevel(0, 3, 2));
    }

    @Test
    public void aTokenIsNotUsedForAnotherCommit() {
        // Given
        Listing listing = stocked(5);
        String token = newToken();
        Reservation fresh = hold(listing, 1);
        stock.commit(of(listing, token, hold(listing, 2))).await().atMost(PATIENCE);

        // When
        Throwable failure = failure(stock.commit(of(listing, token, fresh)));

        // Then
        assertThat(failure).isNotInstanceOf(Unavailable.class).hasMessageContaining("Mismatch");
        assertThat(gather(listing)).containsExactly(new ShardLevel(0, 3, 2));
        assertThat(stored(fresh)).isEmpty();
    }

    @Test
    public void aCommitThatWasCancelledMayHappenUnderItsTokenLater() {
        // Given
        Listing listing = stocked(1);
        GroupCommit commit = of(listing, newToken(), hold(listing, 2));
        GroupCommit.Result first = stock.commit(commit).await().atMost(PATIENCE);
        adjust(Samples.adjustment(sku(listing), 1), new Portion(0, 1));

        // When
        GroupCommit.Result second = stock.commit(commit).await().atMost(PATIENCE);

        // Then
        assertThat(first).isInstanceOf(GroupCommit.Result.Cancelled.class);
        assertThat(second).isEqualTo(new GroupCommit.Result.Committed());
        assertThat(gather(listing)).extracting(ShardLevel::available).containsExactly(0L);
    }

    // Transactions side by side

    @Test
    public void whileATransactionIsUnderWayOthersOnItsItemsConflict() {
        // Given
        Listing listing = stocked(5, 5, 5);
        Reservation coming = hold(listing, 2);
        Reservation fresh = hold(listing, 1);
        GroupCommit first = of(listing, newToken(), coming);
        Reservation elsewhere = coming.with(new Reservation.Hold(1, fresh.expiresAt(), false, null));
        CompletableFuture<GroupCommit.Result> underWay = begin(sku(listing), stock.commit(first));

        // When
        GroupCommit.Result onItsShard = commit(listing, fresh);
        GroupCommit.Result onItsReservation = stock.commit(
                        new GroupCommit(newToken(), Samples.NOW, sku(listing), 1, List.of(fresh, elsewhere), List.of()))
                .await()
                .atMost(PATIENCE);
        Attempt move =
                stock.move(move(listing, List.of(new Portion(1, 1)), 0)).await().atMost(PATIENCE);
        Attempt adjustment = adjust(Samples.adjustment(sku(listing), 1), new Portion(0, 1));
        Throwable sameToken = failure(stock.commit(first));
        Attempt onOthers =
                stock.move(move(listing, List.of(new Portion(2, 1)), 1)).await().atMost(PATIENCE);
        List<ShardLevel> levels = gather(listing);

        // Then
        assertThat(underWay).isNotDone();
        assertThat(onItsShard)
                .isEqualTo(
                        new GroupCommit.Result.Cancelled(new Reason.Conflict(), List.of(new Reason.None()), List.of()));
        assertThat(onItsReservation)
                .isEqualTo(new GroupCommit.Result.Cancelled(
                        new Reason.None(), List.of(new Reason.None(), new Reason.Conflict()), List.of()));
        assertThat(move).isEqualTo(Attempt.BUSY);
        assertThat(adjustment).isEqualTo(Attempt.BUSY);
        assertThat(sameToken).isInstanceOf(Unavailable.class);
        assertThat(onOthers).isEqualTo(Attempt.DONE);
        assertThat(levels).extracting(ShardLevel::available).containsExactly(5L, 6L, 4L);
        end();
        assertThat(underWay).succeedsWithin(PATIENCE).isEqualTo(new GroupCommit.Result.Committed());
        assertThat(gather(listing)).extracting(ShardLevel::available).containsExactly(3L, 6L, 4L);
    }

    @Test
    public void movesSideBySideLoseNothingAndOverdrawNothing() {
        // Given
        Listing listing = stocked(6, 6, 6);
        List<Uni<Attempt>> moves = IntStream.range(0, 12)
                .mapToObj(i -> stock.move(move(listing, List.of(new Portion(i % 3, 4)), (i + 1) % 3)))
                .toList();

        // When
        List<Attempt> attempts = Uni.join().all(moves).andFailFast().await().atMost(PATIENCE);

        // Then
        assertThat(attempts).contains(Attempt.DONE);
        assertThat(gather(listing)).allMatch(it -> it.available() >= 0);
        assertThat(Spread.total(gather(listing))).isEqualTo(18);
    }

    // Moves

    @Test
    public void aMoveBringsUnitsFromSeveralShardsToOne() {
        // Given
        Listing listing = stocked(5, 4, 3);

        // When
        Attempt attempt = stock.move(move(listing, List.of(new Portion(0, 5), new Portion(2, 1)), 1))
                .await()
                .atMost(PATIENCE);

        // Then
        assertThat(attempt).isEqualTo(Attempt.DONE);
        assertThat(gather(listing))
                .containsExactly(
                        new ShardLevel(0, 0, 2, -5, false),
                        new ShardLevel(1, 10, 2, 6, false),
                        new ShardLevel(2, 2, 2, -1, false));
    }

    @Test
    public void aMoveOfMoreThanAShardHasChangesNothing() {
        // Given
        Listing listing = stocked(5, 4, 3);

        // When
        Attempt attempt = stock.move(move(listing, List.of(new Portion(0, 1), new Portion(2, 4)), 1))
                .await()
                .atMost(PATIENCE);

        // Then
        assertThat(attempt).isEqualTo(Attempt.CHANGED);
        assertThat(gather(listing)).extracting(ShardLevel::available).containsExactly(5L, 4L, 3L);
    }

    @Test
    public void aMoveThatArrivesTwiceHappensOnce() {
        // Given
        Listing listing = stocked(5, 4);
        Move move = move(listing, List.of(new Portion(0, 2)), 1);
        stock.move(move).await().atMost(PATIENCE);

        // When
        Attempt again = stock.move(move).await().atMost(PATIENCE);

        // Then
        assertThat(again).isEqualTo(Attempt.CHANGED);
        assertThat(gather(listing))
                .containsExactly(new ShardLevel(0, 3, 2, -2, false), new ShardLevel(1, 6, 2, 2, false));
        assertThat(ledger.movement(sku(listing), move.at(), move.id()).await().atMost(PATIENCE))
                .contains(move.movement());
    }

    @Test
    public void aMoveToAShardThatNeverHadAUnitMakesIt() {
        // Given
        Listing listing = stocked(5);

        // When
        stock.move(move(listing, List.of(new Portion(0, 5)), 7)).await().atMost(PATIENCE);

        // Then
        assertThat(stock.gather(sku(listing), 8).await().atMost(PATIENCE))
                .contains(new ShardLevel(0, 0, 2, -5, false), new ShardLevel(7, 5, 1, 5, false));
    }

    // What goes with a commit

    @Test
    public void aCommitLeavesAMovementWithALineForEachReservation() {
        // Given
        Listing listing = stocked(10);
        Reservation there = hold(listing, 3);
        Reservation other = hold(listing, 2);
        commit(listing, there, other);
        Reservation fresh = hold(listing, 4);
        GroupCommit.Forced forced = new GroupCommit.Forced(Samples.ADMIN, "fraud, case 17");
        GroupCommit both = new GroupCommit(
                newToken(),
                Samples.NOW.plusMillis(7),
                sku(listing),
                0,
                List.of(fresh),
                List.of(
                        new GroupCommit.Return(there, Reservation.Status.RELEASED, forced),
                        new GroupCommit.Return(other, Reservation.Status.EXPIRED)));

        // When
        stock.commit(both).await().atMost(PATIENCE);

        // Then
        Movement movement = movement(both).orElseThrow();
        assertThat(movement.changes()).containsExactly(new Movement.Change(0, 1));
        assertThat(movement.lines())
                .containsExactlyInAnyOrder(
                        new Movement.Line(Movement.Kind.HOLD, -4, fresh.key(), null, null),
                        new Movement.Line(Movement.Kind.RELEASE, 3, there.key(), Samples.ADMIN, "fraud, case 17"),
                        new Movement.Line(Movement.Kind.EXPIRY, 2, other.key(), null, null));
        assertThat(movement).isEqualTo(both.movement());
    }

    private Optional<Movement> movement(GroupCommit commit) {
        return ledger.movement(commit.sku(), commit.at(), commit.token())
                .await()
                .atMost(PATIENCE);
    }

    @Test
    public void aCancelledCommitLeavesNothing() {
        // Given
        Listing listing = stocked(1);
        GroupCommit commit = of(listing, newToken(), hold(listing, 2));

        // When
        stock.commit(commit).await().atMost(PATIENCE);

        // Then
        assertThat(movement(commit)).isEmpty();
        assertThat(due(commit)).isEmpty();
    }

    @Test
    public void adjustmentsAndMovesLeaveMovements() {
        // Given
        Listing listing = created(3);
        Adjustment adjustment = Samples.adjustment(sku(listing), 30);
        Move move = move(listing, List.of(new Portion(0, 4), new Portion(1, 6)), 2);

        // When
        adjust(adjustment, new Portion(0, 10), new Portion(1, 20));
        stock.move(move).await().atMost(PATIENCE);

        // Then
        assertThat(ledger.movement(sku(listing), adjustment.adjustedAt(), adjustment.id())
                        .await()
                        .atMost(PATIENCE))
                .contains(new Movement(
                        adjustment.id(),
                        sku(listing),
                        Samples.NOW,
                        List.of(new Movement.Change(0, 10), new Movement.Change(1, 20)),
                        List.of(new Movement.Line(Movement.Kind.ADJUSTMENT, 30, null, Samples.ADMIN, "DELIVERY"))));
        assertThat(ledger.movement(sku(listing), move.at(), move.id()).await().atMost(PATIENCE))
                .contains(move.movement());
    }

    @Test
    public void theLedgerIsReadHourByHourInTheOrderOfTime() {
        // Given
        Listing listing = stocked(100);
        Instant begin = Instant.parse("2026-12-01T10:59:59.900Z");
        List<GroupCommit> commits = IntStream.range(0, 20)
                .mapToObj(i -> new GroupCommit(
                        newToken(),
                        begin.plusMillis(i / 2 * 20L),
                        sku(listing),
                        0,
                        List.of(hold(listing, 1)),
                        List.of()))
                .toList();
        commits.forEach(it -> stock.commit(it).await().atMost(PATIENCE));

        // When
        List<Instant> hours = ledger.hours(sku(listing), begin, begin.plus(Duration.ofHours(5)), 10)
                .await()
                .atMost(PATIENCE);
        List<Instant> oneHour = ledger.hours(sku(listing), begin, begin.plus(Duration.ofHours(5)), 1)
                .await()
                .atMost(PATIENCE);

        // Then
        assertThat(hours).containsExactly(Instant.parse("2026-12-01T10:00:00Z"), Instant.parse("2026-12-01T11:00:00Z"));
        assertThat(oneHour).containsExactly(hours.get(0));
        List<Movement> read = new ArrayList<>();
        for (Instant hour : hours) {
            for (int bucket = 0; bucket < LedgerTable.BUCKETS; bucket++) {
                List<Movement> ofBucket = oneByOne(sku(listing), hour, bucket);
                assertThat(ofBucket).isSortedAccordingTo(Comparator.comparing(LedgerTable.Position::of));
                read.addAll(ofBucket);
            }
        }
        assertThat(read)
                .containsExactlyInAnyOrderElementsOf(
                        commits.stream().map(GroupCommit::movement).toList());
    }

    private List<Movement> oneByOne(Sku sku, Instant hour, int bucket) {
        List<Movement> read = new ArrayList<>();
        LedgerTable.Position last = null;
        while (true) {
            List<Movement> next =
                    ledger.movements(sku, hour, bucket, last, 1).await().atMost(PATIENCE);
            if (next.isEmpty()) {
                return read;
            }
            read.addAll(next);
            last = LedgerTable.Position.of(next.get(0));
        }
    }

    @Test
    public void theHoldsOfACommitAreDueTogether() {
        // Given
        Listing listing = stocked(10);
        GroupCommit commit = of(listing, newToken(), hold(listing, 1), hold(listing, 2));
        Expiry expiry = commit.expiry().orElseThrow();

        // When
        stock.commit(commit).await().atMost(PATIENCE);

        // Then
        assertThat(expiry.dueAt()).isEqualTo(Samples.NOW.plus(Duration.ofMinutes(10)));
        assertThat(due(commit)).containsExactly(expiry);
        assertThat(dueUntil(expiry, expiry.dueAt().minusMillis(1))).isEmpty();
    }

    @Test
    public void shardsOfSeveralSkusAreReadAtOnce() {
        // Given
        Listing one = stocked(10, 3);
        Listing other = stocked(5);
        Sku never = Samples.newSku();

        // When
        Map<Sku, List<ShardLevel>> levels = stock.gather(Map.of(sku(one), 2, sku(other), 150, never, 1))
                .await()
                .atMost(PATIENCE);

        // Then
        assertThat(levels).containsOnlyKeys(sku(one), sku(other), never);
        assertThat(levels.get(sku(one))).containsExactly(new ShardLevel(0, 10, 1), new ShardLevel(1, 3, 1));
        assertThat(levels.get(sku(other))).hasSize(150).startsWith(new ShardLevel(0, 5, 1));
        assertThat(Spread.total(levels.get(sku(other)))).isEqualTo(5);
        assertThat(levels.get(never)).containsExactly(new ShardLevel(0, 0, 0));
    }

    private List<Expiry> due(GroupCommit commit) {
        Expiry expiry = commit.expiry().orElseThrow();
        return dueUntil(expiry, expiry.dueAt());
    }

    /** The table is shared with others. */
    private List<Expiry> dueUntil(Expiry like, Instant until) {
        return expiries.due(like.dueAt(), like.bucket(), null, until, 10_000).await().atMost(PATIENCE).stream()
                .filter(it -> it.sku().equals(like.sku()))
                .toList();
    }

    @Test
    public void anExpiryIsNotedAtAnotherMomentAndRemoved() {
        // Given
        Listing listing = stocked(10);
        GroupCommit commit = of(listing, newToken(), hold(listing, 1));
        stock.commit(commit).await().atMost(PATIENCE);
        Expiry expiry = commit.expiry().orElseThrow();
        Expiry later = new Expiry(
                expiry.dueAt().plusSeconds(90), expiry.sku(), expiry.shard(), expiry.movedAt(), expiry.movement());

        // When
        for (int twice = 0; twice < 2; twice++) {
            expiries.note(later).await().atMost(PATIENCE);
            expiries.remove(expiry).await().atMost(PATIENCE);
        }

        // Then
        assertThat(dueUntil(expiry, expiry.dueAt())).isEmpty();
        assertThat(dueUntil(later, later.dueAt())).containsExactly(later);
    }

    @Test
    public void whatIsDueFirstComesFirstAndNoMoreThanIsAskedFor() {
        // Given
        Sku sku = Samples.newSku();
        Instant minute = Instant.parse("2031-01-01T00:00:00Z").plus(Duration.ofMinutes(sku.hashCode() & 0xFFFF));
        List<Expiry> written = IntStream.range(0, 20)
                .mapToObj(i -> new Expiry(minute.plusMillis(100L * ((i * 7) % 20)), sku, 2, Samples.NOW, "same"))
                .toList();
        written.forEach(it -> expiries.note(it).await().atMost(PATIENCE));

        // When
        List<Expiry> due = expiries.due(minute, written.get(0).bucket(), null, minute.plusSeconds(59), 5)
                .await()
                .atMost(PATIENCE);

        // Then
        assertThat(due)
                .extracting(Expiry::dueAt)
                .containsExactly(
                        minute,
                        minute.plusMillis(100),
                        minute.plusMillis(200),
                        minute.plusMillis(300),
                        minute.plusMillis(400));
        assertThat(expiries.due(minute, written.get(0).bucket(), due.get(4), minute.plusSeconds(59), 2)
                        .await()
                        .atMost(PATIENCE))
                .extracting(Expiry::dueAt)
                .containsExactly(minute.plusMillis(500), minute.plusMillis(600));
    }

    // Limits

    private static Reservation limited(Listing listing, UserId user, int units, int limit) {
        Reservation hold = Samples.held(Samples.request(sku(listing), user, units), 0, Duration.ofMinutes(10));
        Instant expiresAt = Samples.NOW.plus(Duration.ofMinutes(10));
        return hold.with(new Reservation.Hold(0, expiresAt, false, limit));
    }

    private static GroupCommit.Result overLimit(long used) {
        return new GroupCommit.Result.Cancelled(new Reason.None(), List.of(new Reason.OverLimit(used)), List.of());
    }

    @Test
    public void nobodyHoldsMoreThanTheLimit() {
        // Given
        Listing listing = stocked(10);
        UserId alice = Samples.newUser();
        Reservation two = limited(listing, alice, 2, 3);
        Reservation one = limited(listing, alice, 1, 3);

        // When
        GroupCommit.Result first = commit(listing, two);
        GroupCommit.Result tooMany = commit(listing, limited(listing, alice, 2, 3));
        GroupCommit.Result fits = commit(listing, one);
        GroupCommit.Result full = commit(listing, limited(listing, alice, 1, 3));
        GroupCommit.Result another = commit(listing, limited(listing, Samples.newUser(), 3, 3));

        // Then
        assertThat(List.of(first, fits, another)).containsOnly(new GroupCommit.Result.Committed());
        assertThat(tooMany).isEqualTo(overLimit(2));
        assertThat(full).isEqualTo(overLimit(3));
        assertThat(Spread.total(gather(listing))).isEqualTo(4);
        assertThat(stored(two)).contains(two);
    }

    @Test
    public void whatIsGivenBackNoLongerCountsAndWhatIsSoldDoes() {
        // Given
        Listing listing = stocked(10);
        UserId alice = Samples.newUser();
        Reservation released = limited(listing, alice, 1, 2);
        Reservation sold = limited(listing, alice, 1, 2);
        commit(listing, released);
        commit(listing, sold);
        reservations.confirm(sold, null).await().atMost(PATIENCE);

        // When
        GroupCommit.Result before = commit(listing, limited(listing, alice, 1, 2));
        giveBack(released, Reservation.Status.RELEASED);
        giveBack(released, Reservation.Status.EXPIRED);
        GroupCommit.Result after = commit(listing, limited(listing, alice, 1, 2));
        GroupCommit.Result full = commit(listing, limited(listing, alice, 1, 2));

        // Then
        assertThat(before).isEqualTo(overLimit(2));
        assertThat(after).isEqualTo(new GroupCommit.Result.Committed());
        assertThat(full).isEqualTo(overLimit(2));
    }

    @Test
    public void whatWasTakenWithoutALimitDoesNotCount() {
        // Given
        Listing listing = stocked(10);
        Reservation free = hold(listing, 5);
        commit(listing, free);
        Reservation counted = limited(listing, free.user(), 2, 2);
        commit(listing, counted);

        // When
        giveBack(free, Reservation.Status.RELEASED);
        GroupCommit.Result result = commit(listing, limited(listing, free.user(), 1, 2));

        // Then
        assertThat(result).isEqualTo(overLimit(2));
    }

    @Test
    public void aReservationThatIsThereCountsMoreThanTheLimitItHasReached() {
        // Given
        Listing listing = stocked(10);
        Reservation held = limited(listing, Samples.newUser(), 2, 2);
        commit(listing, held);

        // When
        GroupCommit.Result again = commit(listing, held);

        // Then
        assertThat(again)
                .isEqualTo(new GroupCommit.Result.Cancelled(
                        new Reason.None(), List.of(new Reason.Exists(held)), List.of()));
    }

    @Test
    public void theReasonsOfManyStandWithTheirReservations() {
        // Given
        Listing listing = stocked(100);
        Reservation full = limited(listing, Samples.newUser(), 2, 2);
        Reservation back = limited(listing, Samples.newUser(), 1, 2);
        Reservation gone = limited(listing, Samples.newUser(), 1, 2);
        commit(listing, full, back, gone);
        giveBack(gone, Reservation.Status.RELEASED);
        Reservation fresh = hold(listing, 1);
        Reservation tooMany = limited(listing, full.user(), 1, 2);

        // When
        GroupCommit.Result result = commit(
                listing,
                List.of(fresh, tooMany, limited(listing, Samples.newUser(), 1, 2)),
                List.of(release(back), release(gone)));

        // Then
        assertThat(result)
                .isEqualTo(new GroupCommit.Result.Cancelled(
                        new Reason.None(),
                        List.of(new Reason.None(), new Reason.OverLimit(2), new Reason.None()),
                        List.of(new Reason.None(), new Reason.NotHeld())));
    }

    @Test
    public void asManyAsATransactionCanHaveGoTogether() {
        // Given
        Listing listing = stocked(100);
        List<Reservation> holds = new ArrayList<>();
        for (int i = 0; i < 48; i++) {
            holds.add(limited(listing, Samples.newUser(), 1, 1));
        }
        holds.add(hold(listing, 1));

        // When
        GroupCommit.Result result = commit(listing, holds, List.of());

        // Then
        assertThat(result).isEqualTo(new GroupCommit.Result.Committed());
        assertThat(Spread.total(gather(listing))).isEqualTo(51);
    }

    @Test
    public void atOnceNobodyGetsMoreThanTheLimit() {
        // Given
        Listing listing = stocked(100, 100, 100, 100);
        UserId alice = Samples.newUser();
        List<Uni<GroupCommit.Result>> commits = IntStream.range(0, 12)
                .mapToObj(i -> new GroupCommit(
                        newToken(),
                        Samples.NOW,
                        sku(listing),
                        i % 4,
                        List.of(limited(listing, alice, 1, 3)
                                .with(new Reservation.Hold(i % 4, Samples.NOW.plus(Duration.ofMinutes(10)), false, 3))),
                        List.of()))
                .map(stock::commit)
                .toList();

        // When
        List<GroupCommit.Result> results =
                Uni.join().all(commits).andFailFast().await().atMost(PATIENCE);

        // Then
        long committed = results.stream()
                .filter(GroupCommit.Result.Committed.class::isInstance)
                .count();
        assertThat(committed).isBetween(0L, 3L);
        assertThat(Spread.total(gather(listing))).isEqualTo(400 - committed);
    }

    private static GroupCommit of(Listing listing, String token, Reservation... holds) {
        return new GroupCommit(token, Samples.NOW, sku(listing), 0, List.of(holds), List.of());
    }

    private static Move move(Listing listing, List<Portion> from, int to) {
        return new Move(newToken(), Samples.NOW, sku(listing), from, to);
    }

    private static String newToken() {
        return UUID.randomUUID().toString();
    }

    private static GroupCommit.Return release(Reservation hold) {
        return new GroupCommit.Return(hold, Reservation.Status.RELEASED);
    }

    private Optional<Adjustment> recorded(Adjustment adjustment) {
        return stock.adjustment(adjustment.sku(), adjustment.id()).await().atMost(PATIENCE);
    }
}
