package dev.flashstock.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flashstock.Samples;
import dev.flashstock.inventory.GroupCommit.Reason;
import dev.flashstock.inventory.GroupCommit.Result;
import dev.flashstock.inventory.GroupCommits.Answer;
import dev.flashstock.stock.Adjustment;
import dev.flashstock.stock.Movement;
import dev.flashstock.stock.Portion;
import dev.flashstock.stock.Quantity;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.Reservation.Status;
import dev.flashstock.stock.ReservationRequest;
import dev.flashstock.stock.ShardLevel;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.UserId;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.smallrye.mutiny.subscription.UniEmitter;
import io.smallrye.mutiny.subscription.UniSubscriber;
import io.smallrye.mutiny.subscription.UniSubscription;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A lane by itself: the table answers when the test says so. */
class GroupCommitsTest {
    private static final Sku SKU = new Sku("console");
    private static final Listing LISTING = Samples.listing(SKU, 4);
    private static final Reason NONE = new Reason.None();

    private final Table table = new Table();
    private final List<Duration> paused = new ArrayList<>();
    private final GroupCommits commits = new GroupCommits(
            table,
            () -> UUID.randomUUID().toString(),
            InstantSource.fixed(Samples.NOW),
            new Neighbours(Pods.alone("pod")),
            time -> Uni.createFrom().voidItem().invoke(() -> paused.add(time)),
            bound -> bound / 2);

    // Groups

    @Test
    void whoComesFirstDoesNotWait() {
        // When
        UniAssertSubscriber<Answer> first = hold(Samples.request(SKU, 2));
        table.commitsOf(1);

        // Then
        first.assertCompleted();
        assertThat(held(first).status()).isEqualTo(Status.HELD);
        assertThat(table.sent).hasSize(1);
        assertThat(table.sent.get(0).change()).isEqualTo(-2);
    }

    @Test
    void whatArrivesWhileATransactionIsUnderWayFormsTheNext() {
        // Given
        hold(Samples.request(SKU, 1));
        List<UniAssertSubscriber<Answer>> meanwhile = holds(30);

        // When
        table.commitsOf(2);

        // Then
        assertThat(table.sent).extracting(it -> it.holds().size()).containsExactly(1, 30);
        assertThat(table.sent).extracting(GroupCommit::token).doesNotHaveDuplicates();
        meanwhile.forEach(UniAssertSubscriber::assertCompleted);
    }

    @Test
    void aTransactionHasAtMost97Reservations() {
        // Given
        hold(Samples.request(SKU, 1));
        holds(200);

        // When
        table.commitsOf(4);

        // Then
        assertThat(table.sent).extracting(it -> it.holds().size()).containsExactly(1, 97, 97, 6);
    }

    @Test
    void aUserHasAtMost10ReservationsInATransaction() {
        // Given
        UserId guest = new UserId("guest");
        hold(Samples.request(SKU, 1));
        IntStream.range(0, 15).forEach(i -> hold(Samples.request(SKU, guest, 1)));
        holds(5);

        // When
        table.commitsOf(3);

        // Then
        assertThat(table.sent).extracting(it -> it.holds().size()).containsExactly(1, 15, 5);
    }

    @Test
    void oneReservationIsInATransactionOnce() {
        // Given
        ReservationRequest request = Samples.request(SKU, 1);
        hold(Samples.request(SKU, 1));
        UniAssertSubscriber<Answer> one = hold(request);
        UniAssertSubscriber<Answer> same = hold(request);

        // When
        table.commitsOf(2);
        table.cancels(NONE, new Reason.Exists(held(one)));

        // Then
        assertThat(table.sent).extracting(it -> it.holds().size()).containsExactly(1, 1, 1);
        assertThat(held(same)).isEqualTo(held(one));
    }

    @Test
    void usersWhoNameTheirRequestsAlikeGoTogether() {
        // Given
        ReservationRequest cart = Samples.request(SKU, 1);
        hold(Samples.request(SKU, 1));
        hold(cart);
        hold(new ReservationRequest(cart.id(), Samples.newUser(), cart.quantity(), cart.requestedAt()));

        // When
        table.commitsOf(2);

        // Then
        assertThat(table.last().holds()).hasSize(2);
    }

    @Test
    void shardsDoNotWaitForEachOther() {
        // When
        IntStream.range(0, 4)
                .forEach(shard -> commits.hold(Samples.request(SKU, 1), LISTING, shard)
                        .subscribe()
                        .withSubscriber(UniAssertSubscriber.create()));

        // Then
        assertThat(table.sent).extracting(GroupCommit::shard).containsExactly(0, 1, 2, 3);
    }

    @Test
    void unitsAreHeldFromTheMomentOfTheTransaction() {
        // When
        UniAssertSubscriber<Answer> held = hold(Samples.request(SKU, 1));
        table.commitsOf(1);

        // Then
        assertThat(held(held).expiresAt())
                .isEqualTo(Samples.NOW.plus(LISTING.product().holdTime()));
    }

    // Units given back

    @Test
    void unitsAreTakenAndGivenBackInOneTransaction() {
        // Given
        Reservation earlier = earlier(5);
        hold(Samples.request(SKU, 1));
        UniAssertSubscriber<Attempt> back = giveBack(earlier);
        UniAssertSubscriber<Answer> taken = hold(Samples.request(SKU, 3));

        // When
        table.commitsOf(2);

        // Then
        assertThat(table.sent.get(1).change()).isEqualTo(2);
        assertThat(table.sent.get(1).returns()).containsExactly(new GroupCommit.Return(earlier, Status.RELEASED));
        back.assertItem(Attempt.DONE);
        taken.assertCompleted();
    }

    @Test
    void whatIsNotHeldAnyMoreKeepsNobodyElseFromGivingBack() {
        // Given
        hold(Samples.request(SKU, 1));
        UniAssertSubscriber<Attempt> late = giveBack(earlier(5));
        UniAssertSubscriber<Attempt> inTime = giveBack(earlier(3));
        table.commitsOf(1);

        // When
        table.answers(new Result.Cancelled(NONE, List.of(), List.of(new Reason.NotHeld(), NONE)));
        table.commitsOf(1);

        // Then
        late.assertItem(Attempt.CHANGED);
        inTime.assertItem(Attempt.DONE);
    }

    // Cancelled transactions

    @Test
    void whoIsThereAlreadyIsAnsweredAndTheOthersGoAgainUnderAnotherToken() {
        // Given
        hold(Samples.request(SKU, 1));
        List<UniAssertSubscriber<Answer>> three = holds(3);
        table.commitsOf(1);
        Reservation there = table.last().holds().get(1).as(Status.CONFIRMED);

        // When
        table.cancels(NONE, NONE, new Reason.Exists(there), NONE);
        table.commitsOf(1);

        // Then
        assertThat(held(three.get(1))).isEqualTo(there);
        assertThat(table.last().holds()).hasSize(2).doesNotContain(there);
        assertThat(table.sent).extracting(GroupCommit::token).doesNotHaveDuplicates();
        three.forEach(UniAssertSubscriber::assertCompleted);
    }

    @Test
    void whoMeetsAnotherTransactionOnHisOwnItemStepsAsideAlone() {
        // Given
        hold(Samples.request(SKU, 1));
        List<UniAssertSubscriber<Answer>> three = holds(3);
        table.commitsOf(1);

        // When
        table.cancels(NONE, new Reason.Conflict(), NONE, new Reason.Throttled());
        table.commitsOf(1);

        // Then
        three.get(0).assertItem(new Answer.Contended());
        three.get(2).assertItem(new Answer.Contended());
        assertThat(held(three.get(1)).status()).isEqualTo(Status.HELD);
        assertThat(paused).isEmpty();
    }

    @Test
    void whenTheShardHasTooFewWhoFitsStaysAndAllOthersAreToldAtOnce() {
        // Given
        hold(Samples.request(SKU, 1));
        UniAssertSubscriber<Answer> two = hold(Samples.request(SKU, 2));
        UniAssertSubscriber<Answer> five = hold(Samples.request(SKU, 5));
        UniAssertSubscriber<Answer> one = hold(Samples.request(SKU, 1));
        table.commitsOf(1);
        UniAssertSubscriber<Answer> waiting = hold(Samples.request(SKU, 1));

        // When
        table.cancels(new Reason.TooFew(3), NONE, NONE, NONE);

        // Then
        five.assertItem(new Answer.TooFew(3));
        waiting.assertItem(new Answer.TooFew(3));
        assertThat(table.last().holds())
                .extracting(Reservation::quantity)
                .containsExactly(new Quantity(2), new Quantity(1));
        table.commitsOf(1);
        two.assertCompleted();
        one.assertCompleted();
    }

    @Test
    void unitsThatComeBackInTheSameTransactionCanBeTaken() {
        // Given
        hold(Samples.request(SKU, 1));
        UniAssertSubscriber<Answer> three = hold(Samples.request(SKU, 3));
        UniAssertSubscriber<Answer> two = hold(Samples.request(SKU, 2));
        giveBack(earlier(2));
        table.commitsOf(1);

        // When
        table.answers(new Result.Cancelled(new Reason.TooFew(1), List.of(NONE, NONE), List.of(NONE)));

        // Then
        two.assertItem(new Answer.TooFew(1));
        table.commitsOf(1);
        three.assertCompleted();
        assertThat(table.last().change()).isEqualTo(-1);
    }

    @Test
    void severalReasonsAreAnsweredInOneGo() {
        // Given
        hold(Samples.request(SKU, 1));
        List<UniAssertSubscriber<Answer>> four = holds(4);
        table.commitsOf(1);
        Reservation there = table.last().holds().get(0).as(Status.CONFIRMED);

        // When
        table.cancels(new Reason.TooFew(1), new Reason.Exists(there), NONE, NONE, new Reason.Conflict());

        // Then
        assertThat(held(four.get(0))).isEqualTo(there);
        four.get(1).assertNotTerminated();
        four.get(2).assertItem(new Answer.TooFew(1));
        four.get(3).assertItem(new Answer.Contended());
        assertThat(table.last().holds()).hasSize(1);
    }

    @Test
    void aBusyShardIsLeftForAnotherAfterThreeTries() {
        // Given
        UniAssertSubscriber<Answer> early = hold(Samples.request(SKU, 1));

        // When
        table.cancels(new Reason.Conflict(), NONE);
        UniAssertSubscriber<Answer> later = hold(Samples.request(SKU, 1));
        table.cancels(new Reason.Throttled(), NONE);
        table.cancels(new Reason.Conflict(), NONE, NONE);

        // Then
        early.assertItem(new Answer.Contended());
        later.assertNotTerminated();
        assertThat(paused).hasSize(3).allMatch(it -> it.toMillis() > 0);
        table.commitsOf(1);
        later.assertCompleted();
    }

    @Test
    void aCancellationWithoutAReasonIsNotTriedForEver() {
        // Given
        UniAssertSubscriber<Answer> alone = hold(Samples.request(SKU, 1));

        // When
        IntStream.range(0, Lane.TRIES).forEach(i -> table.cancels(NONE, NONE));

        // Then
        alone.assertItem(new Answer.Contended());
    }

    // Failures

    @Test
    void aTransactionWhoseAnswerIsLostIsSentAgainUnderItsToken() {
        // Given
        UniAssertSubscriber<Answer> held = hold(Samples.request(SKU, 1));

        // When
        table.fails(new Unavailable("The answer was lost"));
        table.commitsOf(1);

        // Then
        assertThat(table.sent).hasSize(2);
        assertThat(table.sent.get(1)).isEqualTo(table.sent.get(0));
        held.assertCompleted();
    }

    @Test
    void aTableOutOfReachIsToldToAllAndTheNextAreTried() {
        // Given
        UniAssertSubscriber<Answer> first = hold(Samples.request(SKU, 1));
        List<UniAssertSubscriber<Answer>> meanwhile = holds(2);

        // When
        table.fails(new Unavailable("away"));
        table.fails(new Unavailable("away"));
        table.commitsOf(1);

        // Then
        first.assertFailedWith(Unavailable.class);
        meanwhile.forEach(UniAssertSubscriber::assertCompleted);
    }

    @Test
    void whoBreaksATransactionBreaksNobodyElses() {
        // Given
        hold(Samples.request(SKU, 1));
        List<UniAssertSubscriber<Answer>> three = holds(3);
        table.commitsOf(1);

        // When
        table.fails(new IllegalStateException("One of them is too large"));
        table.commitsOf(1);
        table.fails(new IllegalStateException("This one is too large"));
        table.commitsOf(1);

        // Then
        three.get(0).assertCompleted();
        three.get(1).assertFailedWith(IllegalStateException.class);
        three.get(2).assertCompleted();
        assertThat(table.sent).extracting(it -> it.holds().size()).containsExactly(1, 3, 1, 1, 1);
    }

    // Who comes and goes

    @Test
    void whoLeavesBeforeTheTransactionIsLeftOut() {
        // Given
        hold(Samples.request(SKU, 1));
        UniAssertSubscriber<Answer> leaves = hold(Samples.request(SKU, 1));
        UniAssertSubscriber<Answer> stays = hold(Samples.request(SKU, 1));

        // When
        leaves.cancel();
        table.commitsOf(2);

        // Then
        stays.assertCompleted();
        assertThat(table.last().holds()).hasSize(1);
        assertThat(commits.waiting()).isZero();
    }

    @Test
    void whoLeavesDuringTheTransactionIsNotTriedAgain() {
        // Given
        UniAssertSubscriber<Answer> leaves = hold(Samples.request(SKU, 1));

        // When
        leaves.cancel();
        table.cancels(new Reason.Conflict(), NONE);

        // Then
        assertThat(table.sent).hasSize(1);
        assertThat(commits.waiting()).isZero();
    }

    @Test
    void noMoreThanTheBoundWaitAndARoomThatIsLeftIsFree() {
        // Given
        List<UniAssertSubscriber<Answer>> waiting = holds(GroupCommits.MAX_WAITING);

        // When
        UniAssertSubscriber<Answer> oneMore = hold(Samples.request(SKU, 1));
        waiting.get(5_000).cancel();
        UniAssertSubscriber<Answer> instead = hold(Samples.request(SKU, 1));

        // Then
        oneMore.assertFailedWith(Unavailable.class);
        instead.assertNotTerminated();
        assertThat(commits.waiting()).isEqualTo(GroupCommits.MAX_WAITING);
    }

    @Test
    void aCallerThatThrowsHoldsNobodyUp() {
        // Given
        commits.hold(Samples.request(SKU, 1), LISTING, 0).subscribe().withSubscriber(new Thrower());
        List<UniAssertSubscriber<Answer>> others = holds(2);

        // When
        table.commitsOf(2);

        // Then
        others.forEach(UniAssertSubscriber::assertCompleted);
        assertThat(commits.waiting()).isZero();
    }

    @Test
    void aCallerThatAsksAgainFromItsAnswerIsServed() {
        // Given
        UniAssertSubscriber<Answer> second = commits.hold(Samples.request(SKU, 1), LISTING, 0)
                .chain(first -> commits.hold(Samples.request(SKU, 1), LISTING, 0))
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());

        // When
        table.commitsOf(2);

        // Then
        second.assertCompleted();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 9_000})
    void aTableThatAnswersAtOnceNeedsNoDeepStack(int requests) {
        // Given
        table.atOnce = true;

        // When
        List<UniAssertSubscriber<Answer>> all = Stream.iterate(0, i -> i < requests, i -> i + 1)
                .map(i -> hold(Samples.request(SKU, 1)))
                .toList();

        // Then
        all.forEach(UniAssertSubscriber::assertCompleted);
        assertThat(commits.waiting()).isZero();
    }

    // Transactions of other kinds

    @Test
    void aVisitHasItsShardsForItself() {
        // Given
        UniAssertSubscriber<Answer> before = hold(Samples.request(SKU, 1));
        List<UniEmitter<? super String>> visits = new ArrayList<>();
        UniAssertSubscriber<String> visit = commits.alone(
                        SKU, List.of(0, 1), () -> Uni.createFrom().<String>emitter(visits::add))
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());
        UniAssertSubscriber<Answer> after = hold(Samples.request(SKU, 1));
        assertThat(visits).isEmpty();

        // When
        table.commitsOf(1);

        // Then
        before.assertCompleted();
        assertThat(visits).hasSize(1);
        assertThat(table.sent).hasSize(1);
        visits.get(0).complete("moved");
        visit.assertItem("moved");
        table.commitsOf(1);
        after.assertCompleted();
    }

    @Test
    void aVisitThatFailsFreesItsShard() {
        // Given
        UniAssertSubscriber<String> visit = commits.alone(
                        SKU, List.of(0), () -> Uni.createFrom().<String>failure(new Unavailable("away")))
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());

        // When
        UniAssertSubscriber<Answer> after = hold(Samples.request(SKU, 1));
        table.commitsOf(1);

        // Then
        visit.assertFailedWith(Unavailable.class);
        after.assertCompleted();
    }

    private UniAssertSubscriber<Answer> hold(ReservationRequest request) {
        return commits.hold(request, LISTING, 0).subscribe().withSubscriber(UniAssertSubscriber.create());
    }

    private List<UniAssertSubscriber<Answer>> holds(int count) {
        return Stream.generate(() -> hold(Samples.request(SKU, 1))).limit(count).toList();
    }

    private UniAssertSubscriber<Attempt> giveBack(Reservation hold) {
        return commits.giveBack(new GroupCommit.Return(hold, Status.RELEASED))
                .subscribe()
                .withSubscriber(UniAssertSubscriber.create());
    }

    private static Reservation earlier(int units) {
        return Samples.held(Samples.request(SKU, units), 0, Duration.ofMinutes(10));
    }

    private static Reservation held(UniAssertSubscriber<Answer> answer) {
        return ((Answer.There) answer.assertCompleted().getItem()).reservation();
    }

    private static final class Thrower implements UniSubscriber<Answer> {
        @Override
        public void onSubscribe(UniSubscription subscription) {}

        @Override
        public void onItem(Answer item) {
            throw new IllegalStateException("A caller's own fault");
        }

        @Override
        public void onFailure(Throwable failure) {
            throw new IllegalStateException("A caller's own fault", failure);
        }
    }

    /** Answers commits in the order in which they came, when it is told to. */
    private static final class Table implements StockTable {
        final List<GroupCommit> sent = new ArrayList<>();
        boolean atOnce;
        private final Deque<UniEmitter<? super Result>> open = new ArrayDeque<>();

        GroupCommit last() {
            return sent.get(sent.size() - 1);
        }

        void commitsOf(int count) {
            IntStream.range(0, count).forEach(i -> answers(new Result.Committed()));
        }

        void cancels(Reason shard, Reason... holds) {
            answers(new Result.Cancelled(shard, List.of(holds), List.of()));
        }

        void answers(Result result) {
            open.remove().complete(result);
        }

        void fails(Throwable failure) {
            open.remove().fail(failure);
        }

        @Override
        public Uni<Result> commit(GroupCommit commit) {
            return Uni.createFrom().emitter(emitter -> {
                sent.add(commit);
                if (atOnce) {
                    emitter.complete(new Result.Committed());
                } else {
                    open.add(emitter);
                }
            });
        }

        @Override
        public Uni<Optional<List<ShardLevel>>> snapshot(Sku sku, int readShards) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Uni<Attempt> move(Move move) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Uni<Map<Sku, List<ShardLevel>>> gather(Map<Sku, Integer> readShards) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Uni<Attempt> adjust(Adjustment adjustment, List<Portion> portions) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Uni<Attempt> takeBack(Adjustment adjustment, List<Portion> portions, Reservation sold) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Uni<Attempt> repair(
                Adjustment adjustment, List<Portion> portions, List<Movement.Line> lines, String audit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Uni<List<Adjustment>> adjustments(Sku sku, String after, int limit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Uni<Optional<Adjustment>> adjustment(Sku sku, String id) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Uni<Long> stocked(Sku sku) {
            throw new UnsupportedOperationException();
        }
    }
}
