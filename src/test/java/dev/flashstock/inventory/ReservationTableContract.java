package dev.flashstock.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flashstock.Samples;
import dev.flashstock.sharding.Spread;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ReservationRequest;
import dev.flashstock.stock.ShardLevel;
import dev.flashstock.stock.UserId;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.tuples.Tuple2;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The port for reservations, whatever is behind it. */
public abstract class ReservationTableContract extends TableContract {
    // Giving back and confirming
    private static final GroupCommit.Result NOT_HELD = new GroupCommit.Result.Cancelled(
            new GroupCommit.Reason.None(), List.of(), List.of(new GroupCommit.Reason.NotHeld()));

    @ParameterizedTest
    @EnumSource(names = {"RELEASED", "EXPIRED"})
    public void aHoldIsGivenBackToItsShard(Reservation.Status status) {
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
    public void aHoldIsGivenBackOnce() {
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
    public void whatIsSoldIsNotGivenBack() {
        // Given
        Listing listing = stocked(5);
        Reservation hold = hold(listing, 3);
        commit(listing, hold);
        Attempt confirmed = reservations.confirm(hold, null).await().atMost(PATIENCE);

        // When
        GroupCommit.Result result = giveBack(hold, Reservation.Status.RELEASED);

        // Then
        assertThat(confirmed).isEqualTo(Attempt.DONE);
        assertThat(result).isEqualTo(NOT_HELD);
        assertThat(Spread.total(gather(listing))).isEqualTo(2);
        assertThat(stored(hold)).contains(hold.as(Reservation.Status.CONFIRMED));
    }

    @Test
    public void whatIsGivenBackIsNotConfirmed() {
        // Given
        Listing listing = stocked(5);
        Reservation hold = hold(listing, 3);
        commit(listing, hold);
        giveBack(hold, Reservation.Status.RELEASED);

        // When
        Attempt attempt = reservations.confirm(hold, null).await().atMost(PATIENCE);

        // Then
        assertThat(attempt).isEqualTo(Attempt.CHANGED);
        assertThat(stored(hold)).contains(hold.as(Reservation.Status.RELEASED));
    }

    @Test
    public void whatIsNotThereIsNotConfirmed() {
        // Given
        Reservation never = hold(Samples.listing(Samples.newSku(), 1), 1);

        // When
        Attempt attempt = reservations.confirm(never, null).await().atMost(PATIENCE);

        // Then
        assertThat(attempt).isEqualTo(Attempt.CHANGED);
        assertThat(stored(never)).isEmpty();
    }

    @Test
    public void aConfirmationAndAReleaseAtOnceAreNeverBothDone() {
        // Given
        Listing listing = stocked(100);
        for (int round = 0; round < 20; round++) {
            Reservation hold = hold(listing, 1);
            commit(listing, hold);
            long before = Spread.total(gather(listing));

            // When
            Tuple2<Attempt, GroupCommit.Result> attempts = Uni.combine()
                    .all()
                    .unis(reservations.confirm(hold, null), stock.commit(end(hold, Reservation.Status.RELEASED)))
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

    @Test
    public void whileATransactionIsUnderWayItsReservationsAreBusy() {
        // Given
        Listing listing = stocked(5);
        Reservation held = hold(listing, 1);
        commit(listing, held);
        Reservation coming = hold(listing, 1);
        GroupCommit both = new GroupCommit(
                UUID.randomUUID().toString(),
                Samples.NOW,
                sku(listing),
                0,
                List.of(coming),
                List.of(new GroupCommit.Return(held, Reservation.Status.RELEASED)));
        CompletableFuture<GroupCommit.Result> underWay = begin(sku(listing), stock.commit(both));

        // When
        Attempt confirmation = reservations.confirm(held, null).await().atMost(PATIENCE);
        Optional<Reservation> record = reservations
                .recordIfAbsent(Reservation.cancelled(coming.id(), coming.user(), Samples.NOW))
                .await()
                .atMost(PATIENCE);
        Optional<Reservation> seen = stored(held);
        Optional<Reservation> notYet = stored(coming);

        // Then
        assertThat(underWay).isNotDone();
        assertThat(confirmation).isEqualTo(Attempt.BUSY);
        assertThat(record).isEmpty();
        assertThat(seen).contains(held);
        assertThat(notYet).isEmpty();
        end();
        assertThat(underWay).succeedsWithin(PATIENCE).isEqualTo(new GroupCommit.Result.Committed());
        assertThat(stored(held)).contains(held.as(Reservation.Status.RELEASED));
        assertThat(stored(coming)).contains(coming);
    }

    // Longer holds

    private static final Instant LATER = Samples.NOW.plus(Duration.ofMinutes(20));

    @Test
    public void aHoldIsExtendedOnce() {
        // Given
        Listing listing = stocked(5);
        Reservation held = hold(listing, 3);
        commit(listing, held);

        // When
        Attempt first = reservations.extend(held, LATER).await().atMost(PATIENCE);
        Attempt second = reservations.extend(held, LATER.plusSeconds(1)).await().atMost(PATIENCE);

        // Then
        assertThat(first).isEqualTo(Attempt.DONE);
        assertThat(second).isEqualTo(Attempt.CHANGED);
        assertThat(stored(held)).contains(extended(held));
    }

    private static Reservation extended(Reservation held) {
        return held.with(Objects.requireNonNull(held.hold()).extendedTo(LATER));
    }

    @ParameterizedTest
    @EnumSource(names = {"RELEASED", "EXPIRED"})
    public void whatIsGivenBackIsNotExtended(Reservation.Status status) {
        // Given
        Listing listing = stocked(5);
        Reservation held = hold(listing, 3);
        commit(listing, held);
        giveBack(held, status);

        // When
        Attempt attempt = reservations.extend(held, LATER).await().atMost(PATIENCE);

        // Then
        assertThat(attempt).isEqualTo(Attempt.CHANGED);
        assertThat(stored(held)).contains(held.as(status));
    }

    @Test
    public void anExtendedHoldDoesNotExpireForWhoeverReadItBefore() {
        // Given
        Listing listing = stocked(5);
        Reservation held = hold(listing, 3);
        commit(listing, held);
        reservations.extend(held, LATER).await().atMost(PATIENCE);

        // When
        GroupCommit.Result asItWas = giveBack(held, Reservation.Status.EXPIRED);
        GroupCommit.Result asItIs = giveBack(extended(held), Reservation.Status.EXPIRED);

        // Then
        assertThat(asItWas).isEqualTo(NOT_HELD);
        assertThat(asItIs).isEqualTo(new GroupCommit.Result.Committed());
        assertThat(Spread.total(gather(listing))).isEqualTo(5);
    }

    @Test
    public void anExtendedHoldIsReleasedByWhoeverReadItBefore() {
        // Given
        Listing listing = stocked(5);
        Reservation held = hold(listing, 3);
        commit(listing, held);
        reservations.extend(held, LATER).await().atMost(PATIENCE);

        // When
        GroupCommit.Result result = giveBack(held, Reservation.Status.RELEASED);

        // Then
        assertThat(result).isEqualTo(new GroupCommit.Result.Committed());
        assertThat(stored(held)).contains(extended(held).as(Reservation.Status.RELEASED));
    }

    // Sales

    @Test
    public void aSaleRemembersItsPayment() {
        // Given
        Listing listing = stocked(5);
        Reservation held = hold(listing, 3);
        commit(listing, held);

        // When
        Attempt attempt = reservations.confirm(held, "payment-17").await().atMost(PATIENCE);

        // Then
        assertThat(attempt).isEqualTo(Attempt.DONE);
        assertThat(stored(held)).contains(held.sold("payment-17"));
    }

    // Reservations

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 101, 250})
    public void manyAreFoundAtOnce(int count) {
        // Given
        List<Reservation> records = Stream.generate(() -> rejected(Samples.request(Samples.newSku(), 1)))
                .limit(count)
                .toList();
        List<Uni<Optional<Reservation>>> puts =
                records.stream().map(reservations::recordIfAbsent).toList();
        puts.forEach(it -> it.await().atMost(PATIENCE));
        List<Reservation.Key> keys = Stream.concat(
                        records.stream().map(Reservation::key),
                        Stream.of(Samples.request(Samples.newSku(), 1).key()))
                .toList();

        // When
        List<Reservation> found = reservations.findAll(keys).await().atMost(PATIENCE);

        // Then
        assertThat(found).containsExactlyInAnyOrderElementsOf(records);
    }

    @Test
    public void aRecordIsPutWhereNoneIs() {
        // Given
        Reservation rejected = rejected(Samples.request(Samples.newSku(), 3));

        // When
        Optional<Reservation> there =
                reservations.recordIfAbsent(rejected).await().atMost(PATIENCE);

        // Then
        assertThat(there).contains(rejected);
        assertThat(stored(rejected)).contains(rejected);
    }

    @Test
    public void aRecordThatIsThereStays() {
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
    public void aUsersReservationsAreListedInPagesAndNobodyElses(String name) {
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
