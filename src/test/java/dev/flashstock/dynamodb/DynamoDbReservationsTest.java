package dev.flashstock.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flashstock.Samples;
import dev.flashstock.inventory.Attempt;
import dev.flashstock.inventory.GroupCommit;
import dev.flashstock.inventory.Listing;
import dev.flashstock.sharding.Spread;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ReservationRequest;
import dev.flashstock.stock.ShardLevel;
import dev.flashstock.stock.UserId;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.tuples.Tuple2;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The adapter's port for reservations against the real table. */
@QuarkusTest
class DynamoDbReservationsTest extends TableFixture {
    // Giving back and confirming
    private static final GroupCommit.Result NOT_HELD = new GroupCommit.Result.Cancelled(
            new GroupCommit.Reason.None(), List.of(), List.of(new GroupCommit.Reason.NotHeld()));

    @ParameterizedTest
    @EnumSource(names = {"RELEASED", "EXPIRED"})
    void aHoldIsGivenBackToItsShard(Reservation.Status status) {
        // Given
        Listing listing = stocked(5);
        Reservation hold = hold(listing, 3);
        commit(listing, hold);

        // When
        GroupCommit.Result result = giveBack(hold, status);

        // Then
        assertThat(result).isEqualTo(new GroupCommit.Result.Committed());
        assertThat(gather(listing)).containsExactly(new ShardLevel(0, 5, 3));
        assertThat(stored(hold)).contains(hold.as(status));
    }

    @Test
    void aHoldIsGivenBackOnce() {
        // Given
        Listing listing = stocked(5);
        Reservation hold = hold(listing, 3);
        commit(listing, hold);
        giveBack(hold, Reservation.Status.RELEASED);

        // When
        GroupCommit.Result result = giveBack(hold, Reservation.Status.EXPIRED);

        // Then
        assertThat(result).isEqualTo(NOT_HELD);
        assertThat(Spread.total(gather(listing))).isEqualTo(5);
        assertThat(stored(hold)).contains(hold.as(Reservation.Status.RELEASED));
    }

    @Test
    void whatIsSoldIsNotGivenBack() {
        // Given
        Listing listing = stocked(5);
        Reservation hold = hold(listing, 3);
        commit(listing, hold);
        Attempt confirmed = reservations.confirm(hold).await().atMost(PATIENCE);

        // When
        GroupCommit.Result result = giveBack(hold, Reservation.Status.RELEASED);

        // Then
        assertThat(confirmed).isEqualTo(Attempt.DONE);
        assertThat(result).isEqualTo(NOT_HELD);
        assertThat(Spread.total(gather(listing))).isEqualTo(2);
        assertThat(stored(hold)).contains(hold.as(Reservation.Status.CONFIRMED));
    }

    @Test
    void whatIsGivenBackIsNotConfirmed() {
        // Given
        Listing listing = stocked(5);
        Reservation hold = hold(listing, 3);
        commit(listing, hold);
        giveBack(hold, Reservation.Status.RELEASED);

        // When
        Attempt attempt = reservations.confirm(hold).await().atMost(PATIENCE);

        // Then
        assertThat(attempt).isEqualTo(Attempt.CHANGED);
        assertThat(stored(hold)).contains(hold.as(Reservation.Status.RELEASED));
    }

    @Test
    void whatIsNotThereIsNotConfirmed() {
        // Given
        Reservation never = hold(Samples.listing(Samples.newSku(), 1), 1);

        // When
        Attempt attempt = reservations.confirm(never).await().atMost(PATIENCE);

        // Then
        assertThat(attempt).isEqualTo(Attempt.CHANGED);
        assertThat(stored(never)).isEmpty();
    }

    @Test
    void aConfirmationAndAReleaseAtOnceAreNeverBothDone() {
        // Given
        Listing listing = stocked(100);
        for (int round = 0; round < 20; round++) {
            Reservation hold = hold(listing, 1);
            commit(listing, hold);
            long before = Spread.total(gather(listing));

            // When
            Tuple2<Attempt, GroupCommit.Result> attempts = Uni.combine()
                    .all()
                    .unis(reservations.confirm(hold), stock.commit(end(hold, Reservation.Status.RELEASED)))
                    .asTuple()
                    .await()
                    .atMost(PATIENCE);

            // Then
            boolean confirmed = attempts.getItem1() == Attempt.DONE;
            boolean released = attempts.getItem2() instanceof GroupCommit.Result.Committed;
            assertThat(confirmed && released).isFalse();
            assertThat(Spread.total(gather(listing))).isEqualTo(released ? before + 1 : before);
        }
    }

    // Reservations

    @Test
    void aRecordThatIsThereStays() {
        // Given
        Listing listing = stocked(5);
        Reservation hold = hold(listing, 3);
        commit(listing, hold);
        Reservation cancelled = Reservation.cancelled(hold.id(), hold.user(), Samples.NOW);

        // When
        Optional<Reservation> there =
                reservations.recordIfAbsent(cancelled).await().atMost(PATIENCE);

        // Then
        assertThat(there).contains(hold);
        assertThat(stored(hold)).contains(hold);
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice", "Zoë Müller", "用户#1", "a#RESERVATION#b"})
    void aUsersReservationsAreListedInPagesAndNobodyElses(String name) {
        // Given
        String suffix = UUID.randomUUID().toString();
        UserId user = new UserId(name + suffix);
        List<Reservation> mine = IntStream.range(0, 7)
                .mapToObj(i -> rejected(Samples.request(Samples.newSku(), user, 1)))
                .sorted(java.util.Comparator.comparing(it -> it.id().value()))
                .toList();
        mine.forEach(it -> reservations.recordIfAbsent(it).await().atMost(PATIENCE));
        reservations
                .recordIfAbsent(rejected(Samples.request(Samples.newSku(), new UserId(name + suffix + "x"), 1)))
                .await()
                .atMost(PATIENCE);

        // When
        List<Reservation> first = reservations.list(user, null, 4).await().atMost(PATIENCE);
        List<Reservation> second =
                reservations.list(user, first.get(3).id(), 4).await().atMost(PATIENCE);

        // Then
        assertThat(first).isEqualTo(mine.subList(0, 4));
        assertThat(second).isEqualTo(mine.subList(4, 7));
    }

    private static Reservation rejected(ReservationRequest request) {
        return Reservation.rejected(request, new Reservation.Rejection(Reservation.Reason.SOLD_OUT, 0));
    }
}
