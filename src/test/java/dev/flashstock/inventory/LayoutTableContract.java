package dev.flashstock.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flashstock.Samples;
import dev.flashstock.sharding.Layout;
import dev.flashstock.stock.Portion;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ShardLevel;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The port for layouts, whatever is behind it. */
public abstract class LayoutTableContract extends TableContract {
    @Test
    public void aLayoutIsReplaced() {
        // Given
        Listing listing = created(3);
        Layout next = new Layout(2, 40, 2, 41, 7, -12);

        // When
        Attempt attempt =
                layouts.replace(sku(listing), listing.layout(), next).await().atMost(PATIENCE);

        // Then
        assertThat(attempt).isEqualTo(Attempt.DONE);
        assertThat(layout(listing)).isEqualTo(next);
    }

    @Test
    public void anotherVersionIsLeftAsItIs() {
        // Given
        Listing listing = stocked(3, 4); // raises it
        Layout now = layout(listing);
        Layout old = listing.layout();

        // When
        List<Attempt> attempts = List.of(
                layouts.replace(sku(listing), old, old.writing(1)).await().atMost(PATIENCE),
                layouts.close(sku(listing), old, List.of(1)).await().atMost(PATIENCE),
                layouts.open(sku(listing), old, List.of(1)).await().atMost(PATIENCE));

        // Then
        assertThat(attempts).containsOnly(Attempt.CHANGED);
        assertThat(layout(listing)).isEqualTo(now);
        assertThat(gather(listing)).extracting(ShardLevel::closed).containsOnly(false);
    }

    @Test
    public void theLayoutOfAProductThatIsGoneIsLeftAsItIs() {
        // Given
        Listing listing = created(3);
        products.remove(listing.product()).await().atMost(PATIENCE);
        Layout removed = new Layout(3, 3, 2);

        // When
        List<Attempt> attempts = List.of(
                layouts.replace(sku(listing), removed, removed.writing(1))
                        .await()
                        .atMost(PATIENCE),
                layouts.close(sku(listing), removed, List.of(1)).await().atMost(PATIENCE));

        // Then
        assertThat(attempts).containsOnly(Attempt.CHANGED);
    }

    @Test
    public void aClosedShardIsGivenNothing() {
        // Given
        Listing listing = stocked(5, 5, 5);
        Reservation hold = Samples.held(Samples.request(sku(listing), 2), 1, Duration.ofMinutes(10));
        commit(listing, 1, List.of(hold), List.of());
        close(listing, 1, 2);

        // When
        Attempt adjusted = adjust(Samples.adjustment(sku(listing), 3), new Portion(0, 2), new Portion(1, 1));
        Attempt moved = stock.move(move(listing, 0, 2)).await().atMost(PATIENCE);
        GroupCommit.Result given =
                commit(listing, 1, List.of(), List.of(new GroupCommit.Return(hold, Reservation.Status.RELEASED)));

        // Then
        assertThat(List.of(adjusted, moved)).containsOnly(Attempt.CHANGED);
        assertThat(given)
                .isEqualTo(new GroupCommit.Result.Cancelled(
                        new GroupCommit.Reason.Closed(), List.of(), List.of(new GroupCommit.Reason.None())));
        assertThat(gather(listing))
                .containsExactly(
                        new ShardLevel(0, 5, 1), new ShardLevel(1, 3, 2, 0, true), new ShardLevel(2, 5, 1, 0, true));
        assertThat(stored(hold)).contains(hold);
    }

    @Test
    public void whatAClosedShardHasCanBeTaken() {
        // Given
        Listing listing = stocked(5, 5);
        close(listing, 1);
        Reservation hold = Samples.held(Samples.request(sku(listing), 3), 1, Duration.ofMinutes(10));

        // When
        GroupCommit.Result taken = commit(listing, 1, List.of(hold), List.of());
        GroupCommit.Result tooMany = commit(
                listing,
                1,
                List.of(Samples.held(Samples.request(sku(listing), 3), 1, Duration.ofMinutes(10))),
                List.of());
        Attempt moved = stock.move(move(listing, 1, 0)).await().atMost(PATIENCE);

        // Then
        assertThat(taken).isEqualTo(new GroupCommit.Result.Committed());
        assertThat(tooMany)
                .isEqualTo(new GroupCommit.Result.Cancelled(
                        new GroupCommit.Reason.TooFew(2), List.of(new GroupCommit.Reason.None()), List.of()));
        assertThat(moved).isEqualTo(Attempt.DONE);
        assertThat(gather(listing))
                .containsExactly(new ShardLevel(0, 6, 2, 1, false), new ShardLevel(1, 1, 3, -1, true));
    }

    @Test
    public void aCommitThatTakesMoreThanItGivesIsATakingFromAClosedShardToo() {
        // Given
        Listing listing = stocked(5, 5);
        Reservation there = Samples.held(Samples.request(sku(listing), 1), 1, Duration.ofMinutes(10));
        commit(listing, 1, List.of(there), List.of());
        close(listing, 1);
        Reservation more = Samples.held(Samples.request(sku(listing), 2), 1, Duration.ofMinutes(10));

        // When
        GroupCommit.Result both =
                commit(listing, 1, List.of(more), List.of(new GroupCommit.Return(there, Reservation.Status.RELEASED)));

        // Then
        assertThat(both).isEqualTo(new GroupCommit.Result.Committed());
        assertThat(gather(listing).get(1)).isEqualTo(new ShardLevel(1, 3, 3, 0, true));
    }

    @Test
    public void aShardIsOpenedAgain() {
        // Given
        Listing listing = stocked(5, 5);
        close(listing, 1);

        // When
        Attempt opened =
                layouts.open(sku(listing), layout(listing), List.of(1)).await().atMost(PATIENCE);

        // Then
        assertThat(opened).isEqualTo(Attempt.DONE);
        assertThat(stock.move(move(listing, 0, 1)).await().atMost(PATIENCE)).isEqualTo(Attempt.DONE);
    }

    @Test
    public void manyShardsAreClosedAtOnceAlsoSuchAsNeverHadAUnit() {
        // Given
        Listing listing = created(100);
        List<Integer> many =
                IntStream.rangeClosed(1, LayoutTable.MAX_MARKED).boxed().toList();

        // When
        Attempt closed =
                layouts.close(sku(listing), layout(listing), many).await().atMost(PATIENCE);

        // Then
        assertThat(closed).isEqualTo(Attempt.DONE);
        assertThat(gather(listing)).filteredOn(ShardLevel::closed).hasSize(LayoutTable.MAX_MARKED);
        assertThat(gather(listing).get(99)).isEqualTo(new ShardLevel(99, 0, 0, 0, true));
        assertThat(commit(
                        listing,
                        99,
                        List.of(Samples.held(Samples.request(sku(listing), 1), 99, Duration.ofMinutes(10))),
                        List.of()))
                .isEqualTo(new GroupCommit.Result.Cancelled(
                        new GroupCommit.Reason.TooFew(0), List.of(new GroupCommit.Reason.None()), List.of()));
    }

    @Test
    public void closingIsNoChangeOfUnits() {
        // Given
        Listing listing = stocked(5, 5);

        // When
        close(listing, 1);

        // Then
        assertThat(gather(listing)).extracting(ShardLevel::version).containsExactly(1L, 1L);
        assertThat(stock.snapshot(sku(listing), 2).await().atMost(PATIENCE)).contains(gather(listing));
    }

    private void close(Listing listing, Integer... shards) {
        Attempt attempt = layouts.close(sku(listing), layout(listing), List.of(shards))
                .await()
                .atMost(PATIENCE);
        assertThat(attempt).isEqualTo(Attempt.DONE);
    }

    private Layout layout(Listing listing) {
        return products.find(sku(listing))
                .await()
                .atMost(PATIENCE)
                .orElseThrow()
                .layout();
    }

    private Move move(Listing listing, int from, int to) {
        return new Move(UUID.randomUUID().toString(), Samples.NOW, sku(listing), List.of(new Portion(from, 1)), to);
    }

    private GroupCommit.Result commit(
            Listing listing, int shard, List<Reservation> holds, List<GroupCommit.Return> returns) {
        return stock.commit(
                        new GroupCommit(UUID.randomUUID().toString(), Samples.NOW, sku(listing), shard, holds, returns))
                .await()
                .atMost(PATIENCE);
    }
}
