package dev.flashstock.inventory;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.flashstock.Samples;
import dev.flashstock.inventory.GroupCommit.Reason;
import dev.flashstock.stock.Adjustment;
import dev.flashstock.stock.Movement;
import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Portion;
import dev.flashstock.stock.Product;
import dev.flashstock.stock.Quantity;
import dev.flashstock.stock.Refusal;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ReservationId;
import dev.flashstock.stock.ReservationRequest;
import dev.flashstock.stock.ShardLevel;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.UserId;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.smallrye.mutiny.subscription.Cancellable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReservationDeskTest {
    private static final Sku SKU = new Sku("console");
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration NO_WAIT = Duration.ZERO;
    private static final Duration SHORT_WAIT = Duration.ofMillis(50);
    private static final Duration LONG_WAIT = Duration.ofSeconds(30);

    private final ReservationRequest request = Samples.request(SKU, 2);
    private final StubStock stock = new StubStock();
    private final StubReservations reservations = new StubReservations();
    private final List<ReservationRequest> queued = new ArrayList<>();
    private Optional<Listing> listing = Optional.of(Samples.listing(SKU, 1));
    private final SoldOut soldOut = new SoldOut(Ticker.systemTicker(), News.toNobody());
    private ReservationQueue queue = sent -> Uni.createFrom().voidItem().invoke(() -> queued.add(sent));

    @Test
    void whoWaitsGetsTheOutcomeInTime() {
        // Given
        stock.available = 2;

        // When
        Outcome<Reservation> outcome = reserve(LONG_WAIT);

        // Then
        assertThat(outcome).isInstanceOf(Outcome.Done.class);
        assertThat(status(outcome)).isEqualTo(Reservation.Status.HELD);
        assertThat(queued).isEmpty();
        assertThat(stock.available).isZero();
    }

    @Test
    void whoWaitsInVainHasARequestInTheQueue() {
        // Given
        stock.commit = commit -> Uni.createFrom().nothing();

        // When
        Outcome<Reservation> outcome = reserve(SHORT_WAIT);

        // Then
        assertThat(outcome).isEqualTo(Outcome.done(Reservation.queued(request.id(), request.user())));
        assertThat(queued).containsExactly(request);
    }

    @Test
    void moreThanAreDecidedSoonDoNotWaitForASku() {
        // Given
        stock.commit = commit -> Uni.createFrom().nothing();
        ReservationDesk desk = desk();
        int places = ReservationDesk.TRANSACTIONS_AHEAD * GroupCommit.MAX_ENTRIES;
        List<Cancellable> waiting = IntStream.range(0, places)
                .mapToObj(i -> desk.reserve(another(), LONG_WAIT).subscribe().with(it -> {}))
                .toList();

        // When
        Outcome<Reservation> crowded =
                desk.reserve(another(), LONG_WAIT).await().atMost(PATIENCE);
        waiting.get(0).cancel();
        UniAssertSubscriber<Outcome<Reservation>> next =
                desk.reserve(another(), LONG_WAIT).subscribe().withSubscriber(UniAssertSubscriber.create());

        // Then
        assertThat(crowded).isEqualTo(Outcome.refused(new Refusal.Crowded(SKU)));
        next.assertNotTerminated();
        assertThat(queued).isEmpty();
    }

    private static ReservationRequest another() {
        return new ReservationRequest(
                ReservationId.of(SKU, Samples.newKey()), Samples.newUser(), new Quantity(1), Samples.NOW);
    }

    @Test
    void whoDoesNotWaitHasARequestInTheQueueAndTheTableIsLeftAlone() {
        // When
        Outcome<Reservation> outcome = reserve(NO_WAIT);

        // Then
        assertThat(status(outcome)).isEqualTo(Reservation.Status.QUEUED);
        assertThat(queued).containsExactly(request);
        assertThat(stock.commits).hasValue(0);
    }

    @Test
    void whenTheTableIsAwayTheRequestGoesIntoTheQueue() {
        // Given
        stock.commit = commit -> Uni.createFrom().failure(new Unavailable("table away"));

        // When
        Outcome<Reservation> outcome = reserve(LONG_WAIT);

        // Then
        assertThat(status(outcome)).isEqualTo(Reservation.Status.QUEUED);
        assertThat(queued).containsExactly(request);
    }

    @Test
    void whenTheQueueIsAwayNothingIsPromised() {
        // Given
        queue = sent -> Uni.createFrom().failure(new Unavailable("queue away"));

        // When
        Throwable failure = failureOf(desk().reserve(request, NO_WAIT));

        // Then
        assertThat(failure).isInstanceOf(Unavailable.class).hasMessage("queue away");
    }

    @Test
    void whenBothAreAwayNothingIsPromised() {
        // Given
        stock.commit = commit -> Uni.createFrom().failure(new Unavailable("table away"));
        queue = sent -> Uni.createFrom().failure(new Unavailable("queue away"));

        // When
        Throwable failure = failureOf(desk().reserve(request, LONG_WAIT));

        // Then
        assertThat(failure).isInstanceOf(Unavailable.class).hasMessage("queue away");
    }

    @Test
    void whenTheOutcomeIsLateAndTheQueueIsAwayNothingIsPromised() {
        // Given
        stock.commit = commit -> Uni.createFrom().nothing();
        queue = sent -> Uni.createFrom().failure(new Unavailable("queue away"));

        // When
        Throwable failure = failureOf(desk().reserve(request, SHORT_WAIT));

        // Then
        assertThat(failure).isInstanceOf(Unavailable.class).hasMessage("queue away");
    }

    @Test
    void aBrokenTableIsNotHiddenByTheQueue() {
        // Given
        stock.commit = commit -> Uni.createFrom().failure(new IllegalStateException("broken"));

        // When
        Throwable failure = failureOf(desk().reserve(request, LONG_WAIT));

        // Then
        assertThat(failure).isInstanceOf(IllegalStateException.class);
        assertThat(queued).isEmpty();
    }

    @Test
    void soldOutIsARefusalThatSaysWhatIsLeft() {
        // Given
        stock.available = 1;

        // When
        Outcome<Reservation> outcome = reserve(LONG_WAIT);

        // Then
        assertThat(outcome).isEqualTo(Outcome.refused(new Refusal.SoldOut(SKU, 1)));
    }

    @Test
    void anUnknownSkuIsRefused() {
        // Given
        listing = Optional.empty();

        // When
        Outcome<Reservation> outcome = reserve(NO_WAIT);

        // Then
        assertThat(outcome).isEqualTo(Outcome.refused(new Refusal.UnknownSku(SKU)));
        assertThat(queued).isEmpty();
    }

    @Test
    void aClosedSaleIsRefused() {
        // Given
        Instant ended = request.requestedAt();
        listing = Optional.of(closedAt(ended));

        // When
        Outcome<Reservation> outcome = reserve(NO_WAIT);

        // Then
        assertThat(outcome).isEqualTo(Outcome.refused(new Refusal.SaleEnded(SKU, ended)));
        assertThat(queued).isEmpty();
        assertThat(stock.commits).hasValue(0);
    }

    @Test
    void aRetryAfterTheSaleFindsWhatItGotWhileItWasOpen() {
        // Given
        Reservation earlier = Samples.held(request, 0, Duration.ofMinutes(1));
        reservations.items.put(request.id(), earlier);
        listing = Optional.of(closedAt(request.requestedAt()));

        // When
        Outcome<Reservation> outcome = reserve(LONG_WAIT);

        // Then
        assertThat(outcome).isEqualTo(Outcome.done(earlier));
    }

    @Test
    void aKeyUsedForAnotherQuantityIsRefused() {
        // Given
        ReservationRequest other =
                new ReservationRequest(request.id(), request.user(), new Quantity(3), request.requestedAt());
        reservations.items.put(request.id(), Samples.held(other, 0, Duration.ofMinutes(1)));

        // When
        Outcome<Reservation> outcome = reserve(LONG_WAIT);

        // Then
        assertThat(outcome).isEqualTo(Outcome.refused(new Refusal.KeyReused()));
    }

    @Test
    void aRetryOfARequestThatWasCalledOffFindsThat() {
        // Given
        Reservation cancelled = Reservation.cancelled(request.id(), request.user(), Samples.NOW);
        reservations.items.put(request.id(), cancelled);

        // When
        Outcome<Reservation> outcome = reserve(LONG_WAIT);

        // Then
        assertThat(outcome)
                .isEqualTo(Outcome.refused(new Refusal.WrongState(request.id(), Reservation.Status.RELEASED)));
    }

    @ParameterizedTest
    @EnumSource(
            names = {"SOLD_OUT", "OVER_LIMIT"},
            mode = EnumSource.Mode.EXCLUDE)
    void aRetryOfARequestThatCameToNothingInTheQueueFindsItsState(Reservation.Reason reason) {
        // Given
        Reservation rejected = Reservation.rejected(request, new Reservation.Rejection(reason, 0));
        reservations.items.put(request.id(), rejected);

        // When
        Outcome<Reservation> outcome = reserve(LONG_WAIT);

        // Then
        assertThat(outcome).isEqualTo(Outcome.refused(new Refusal.RejectedBefore(request.id(), reason)));
    }

    @Test
    void aRetryOfARequestThatWasOverTheLimitFindsThat() {
        // Given
        Reservation rejected =
                Reservation.rejected(request, new Reservation.Rejection(Reservation.Reason.OVER_LIMIT, 1));
        reservations.items.put(request.id(), rejected);

        // When
        Outcome<Reservation> outcome = reserve(LONG_WAIT);

        // Then
        assertThat(outcome).isEqualTo(Outcome.refused(new Refusal.OverLimit(SKU, 1)));
    }

    private Outcome<Reservation> reserve(Duration wait) {
        return desk().reserve(request, wait).await().atMost(PATIENCE);
    }

    private ReservationDesk desk() {
        Listings listings = sku -> Uni.createFrom().item(listing);
        GroupCommits commits = new GroupCommits(
                stock,
                () -> UUID.randomUUID().toString(),
                InstantSource.fixed(Samples.NOW),
                new Neighbours(Pods.alone("pod")),
                Pauses.real(),
                bound -> 0);
        Looks looks = new Looks(stock, listings, Ticker.systemTicker());
        StockLevels levels = new GatheredStockLevels(stock, InstantSource.system());
        SoldOutWatch watch = new SoldOutWatch(listings, levels, looks, soldOut, News.toNobody());
        Holds holds = new Holds(
                looks,
                reservations,
                commits,
                (sku, user, layout) -> 0,
                soldOut,
                new Retries(bound -> 0, Pauses.real()),
                bound -> 0);
        return new ReservationDesk(listings, reservations, holds, it -> queue.send(it), soldOut, watch, Pauses.real());
    }

    private static Reservation.Status status(Outcome<Reservation> outcome) {
        return outcome.fold(Reservation::status, refusal -> {
            throw new AssertionError(refusal);
        });
    }

    private static Listing closedAt(Instant endsAt) {
        Product open = Samples.product(SKU);
        return new Listing(
                new Product(
                        SKU,
                        open.name(),
                        open.price(),
                        open.status(),
                        null,
                        endsAt,
                        open.holdTime(),
                        null,
                        open.revision()),
                dev.flashstock.sharding.Layout.of(1));
    }

    private static Throwable failureOf(Uni<?> uni) {
        return uni.subscribe()
                .withSubscriber(UniAssertSubscriber.create())
                .awaitFailure(PATIENCE)
                .getFailure();
    }

    /** One shard in memory. */
    private final class StubStock implements StockTable {
        long available;
        final AtomicInteger commits = new AtomicInteger();
        Function<GroupCommit, Uni<GroupCommit.Result>> commit =
                it -> Uni.createFrom().item(() -> apply(it));

        private GroupCommit.Result apply(GroupCommit it) {
            List<Reason> holds = it.holds().stream()
                    .map(hold -> reservations.items.get(hold.id()))
                    .<Reason>map(earlier -> earlier == null ? new Reason.None() : new Reason.Exists(earlier))
                    .toList();
            Reason shard = available + it.change() < 0 ? new Reason.TooFew(available) : new Reason.None();
            if (Stream.concat(Stream.of(shard), holds.stream()).anyMatch(reason -> !(reason instanceof Reason.None))) {
                return new GroupCommit.Result.Cancelled(shard, holds, List.of());
            }
            available += it.change();
            it.holds().forEach(hold -> reservations.items.put(hold.id(), hold));
            return new GroupCommit.Result.Committed();
        }

        @Override
        public Uni<GroupCommit.Result> commit(GroupCommit it) {
            commits.incrementAndGet();
            return commit.apply(it);
        }

        @Override
        public Uni<Map<Sku, List<ShardLevel>>> gather(Map<Sku, Integer> readShards) {
            return Uni.createFrom()
                    .item(() -> readShards.keySet().stream()
                            .collect(toMap(sku -> sku, sku -> List.of(new ShardLevel(0, available, 1)))));
        }

        @Override
        public Uni<Optional<List<ShardLevel>>> snapshot(Sku sku, int readShards) {
            return gather(sku, readShards).map(Optional::of);
        }

        @Override
        public Uni<Attempt> move(Move move) {
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

    /** Reservations in memory. */
    private static final class StubReservations implements ReservationTable {
        final Map<ReservationId, Reservation> items = new HashMap<>();

        @Override
        public Uni<Optional<Reservation>> find(UserId user, ReservationId id) {
            return Uni.createFrom().item(() -> Optional.ofNullable(items.get(id)));
        }

        @Override
        public Uni<List<Reservation>> list(UserId user, @Nullable ReservationId after, int limit) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Uni<Optional<Reservation>> recordIfAbsent(Reservation reservation) {
            return Uni.createFrom().item(() -> {
                items.putIfAbsent(reservation.id(), reservation);
                return Optional.of(items.get(reservation.id()));
            });
        }

        @Override
        public Uni<List<Reservation>> findAll(List<Reservation.Key> keys) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Multi<Reservation> search(Sku sku) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Uni<Attempt> confirm(Reservation held, @Nullable String paymentReference) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Uni<Attempt> extend(Reservation held, Instant until) {
            throw new UnsupportedOperationException();
        }
    }
}
