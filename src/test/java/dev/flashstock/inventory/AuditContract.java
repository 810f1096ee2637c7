package dev.flashstock.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.flashstock.Samples;
import dev.flashstock.stock.Adjustment;
import dev.flashstock.stock.Audit;
import dev.flashstock.stock.Discrepancy;
import dev.flashstock.stock.Movement;
import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Portion;
import dev.flashstock.stock.Quantity;
import dev.flashstock.stock.Refusal;
import dev.flashstock.stock.Refusal.AuditNeeded.Why;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ReservationId;
import dev.flashstock.stock.ReservationRequest;
import dev.flashstock.stock.ShardLevel;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.UserId;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Audits and repairs, whatever table they are of. */
public abstract class AuditContract extends TableContract {
    private static final UserId OLGA = new UserId("olga");

    protected final Retries retries = new Retries(ThreadLocalRandom.current()::nextInt, Pauses.real());

    /** Begins an audit and waits for its end. */
    protected AuditTable.Recorded audited(Listing listing, boolean searching) {
        return audited(auditor(retries), sku(listing), searching);
    }

    private AuditTable.Recorded audited(Audits useCase, Sku sku, boolean searching) {
        Outcome<AuditRun> begun = useCase.start(sku, OLGA, searching).await().atMost(PATIENCE);
        assertThat(begun).isInstanceOf(Outcome.Done.class);
        return await().atMost(PATIENCE)
                .until(() -> last(sku).orElseThrow(), it -> it.run().state() != AuditRun.State.RUNNING);
    }

    /** The result of an audit that has not failed. */
    protected Audit audit(Listing listing, boolean searching) {
        AuditTable.Recorded recorded = audited(listing, searching);
        assertThat(recorded.run().failure()).isNull();
        Audit result = recorded.result();
        assertThat(result).isNotNull();
        assertThat(result.id()).isEqualTo(recorded.run().id());
        return result;
    }

    private Optional<AuditTable.Recorded> last(Sku sku) {
        return audits.last(sku).await().atMost(PATIENCE);
    }

    protected Outcome<Adjustment> repair(Listing listing) {
        return repair(listing, CLOCK);
    }

    private Outcome<Adjustment> repair(Listing listing, InstantSource clock) {
        return repairs(stock, clock).repair(sku(listing), Samples.ADMIN).await().atMost(PATIENCE);
    }

    private Repairs repairs(StockTable shards, InstantSource clock) {
        SoldOut soldOut = new SoldOut(Ticker.systemTicker(), News.toNobody());
        StockLevels levels = new GatheredStockLevels(shards, clock);
        return new Repairs(
                products, audits, auditor(retries, clock), shards, commits(), levels, soldOut, retries, clock);
    }

    private Audits auditor(StockTable shards) {
        return auditor(shards, reservations);
    }

    private Audits auditor(StockTable shards, ReservationTable items) {
        return new Audits(
                audits,
                new Audits.Source(products, shards, ledger, items, Pauses.real(), CLOCK),
                retries,
                () -> UUID.randomUUID().toString(),
                counted -> {},
                failure -> {
                    throw new AssertionError(failure);
                });
    }

    /** A product that has seen everything: 20 stocked, 4 held, 3 sold, 2 given back, 1 expired. */
    protected final class Sold {
        public final Listing listing = stocked(12, 8);
        public final Reservation held = hold(listing, 4);
        public final Reservation sold = hold(listing, 3);
        public final Reservation released = hold(listing, 2);
        public final Reservation expired = hold(listing, 1);

        public Sold() {
            commit(listing, held, sold, released, expired);
            reservations.confirm(sold, null).await().atMost(PATIENCE);
            giveBack(released, Reservation.Status.RELEASED);
            giveBack(expired, Reservation.Status.EXPIRED);
            stock.move(new Move(UUID.randomUUID().toString(), Samples.NOW, sku(), List.of(new Portion(1, 3)), 0))
                    .await()
                    .atMost(PATIENCE);
        }

        public Sku sku() {
            return TableContract.sku(listing);
        }
    }

    protected Reservation held(Listing listing, int units) {
        Reservation held = hold(listing, units);
        commit(listing, held);
        return held;
    }

    protected void deliver(Sold product, long units) {
        deliver(product.listing, List.of(new Portion(0, units)));
    }

    protected void release(Reservation held) {
        giveBack(held, Reservation.Status.RELEASED);
    }

    @Test
    public void theBooksOfAProductThatHasSeenEverythingAgree() {
        // Given
        Sold product = new Sold();

        // When
        Audit audit = audit(product.listing, true);

        // Then
        assertThat(audit.stocked()).isEqualTo(20);
        assertThat(audit.available()).isEqualTo(13);
        assertThat(audit.held()).isEqualTo(4);
        assertThat(audit.confirmed()).isEqualTo(3);
        assertThat(audit.difference()).isZero();
        assertThat(audit.inFlight()).isZero();
        assertThat(audit.repaired()).isZero();
        assertThat(audit.movements()).isEqualTo(5);
        assertThat(audit.searched()).isTrue();
        assertThat(audit.discrepancies()).isEmpty();
        assertThat(audit.more()).isZero();
    }

    @Test
    public void aProductWithoutAnythingIsAudited() {
        // Given
        Listing listing = created(3);

        // When
        Audit audit = audit(listing, false);

        // Then
        assertThat(List.of(audit.stocked(), audit.available(), audit.held(), audit.difference()))
                .containsOnly(0L);
        assertThat(audit.searched()).isFalse();
    }

    @Test
    public void whatIsSmallIsAuditedAtOnceAndLeavesNoRecord() {
        // Given
        Sold product = new Sold();

        // When
        Outcome<Audits.Seen> seen = auditor(retries).last(product.sku()).await().atMost(PATIENCE);

        // Then
        Audit audit = ((Outcome.Done<Audits.Seen>) seen).value().audit();
        assertThat(audit.held()).isEqualTo(4);
        assertThat(audit.difference()).isZero();
        assertThat(last(product.sku())).isEmpty();
    }

    @Test
    public void whatIsLargeIsNotAuditedAtOnce() {
        // Given
        Listing listing = stocked(100);
        for (int hour = 0; hour <= Audits.SMALL / Tally.OF_AN_HOUR; hour++) {
            Instant at = Samples.NOW.plus(Duration.ofHours(hour));
            stock.commit(new GroupCommit(
                            UUID.randomUUID().toString(), at, sku(listing), 0, List.of(hold(listing, 1)), List.of()))
                    .await()
                    .atMost(PATIENCE);
        }

        // When
        Outcome<Audits.Seen> seen = auditor(retries).last(sku(listing)).await().atMost(PATIENCE);
        Outcome<Long> held = auditor(retries).held(listing).await().atMost(PATIENCE);
        Audit audit = audit(listing, false);
        Outcome<Audits.Seen> after = auditor(retries).last(sku(listing)).await().atMost(PATIENCE);
        Outcome<Long> heldAfter = auditor(retries).held(listing).await().atMost(PATIENCE);
        commit(listing, hold(listing, 1));
        Outcome<Long> heldLater = auditor(retries).held(listing).await().atMost(PATIENCE);

        // Then
        assertThat(seen).isEqualTo(Outcome.refused(new Refusal.NotAudited(sku(listing))));
        assertThat(held).isEqualTo(Outcome.refused(new Refusal.AuditNeeded(sku(listing), Why.OLD)));
        assertThat(audit.held()).isEqualTo(51);
        assertThat(((Outcome.Done<Audits.Seen>) after).value().audit()).isEqualTo(audit);
        assertThat(heldAfter).isEqualTo(Outcome.done(51L));
        assertThat(heldLater).isEqualTo(Outcome.refused(new Refusal.AuditNeeded(sku(listing), Why.CHANGED)));
    }

    /** What is audited while several threads change the table, and at the end when they do not any more. */
    protected List<Audit> auditedDuringASale(Listing listing) {
        AtomicBoolean over = new AtomicBoolean();
        List<CompletableFuture<Void>> crowd = new ArrayList<>();
        for (int shopper = 0; shopper < 4; shopper++) {
            int shard = shopper;
            crowd.add(CompletableFuture.runAsync(() -> {
                while (!over.get()) {
                    buyAndReturn(listing, shard);
                }
            }));
        }
        List<Audit> audits = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            audits.add(audit(listing, i % 2 == 1));
        }
        over.set(true);
        crowd.forEach(CompletableFuture::join);
        audits.add(audit(listing, true));
        return audits;
    }

    protected Listing stockedFor4() {
        return stocked(400, 400, 400, 400);
    }

    /** Takes 3 units for 3 reservations: one is sold, one released, one expires. */
    private void buyAndReturn(Listing listing, int shard) {
        Instant expiresAt = CLOCK.instant().plusSeconds(600);
        List<Reservation> holds = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            ReservationRequest request = new ReservationRequest(
                    ReservationId.of(sku(listing), Samples.newKey()),
                    Samples.newUser(),
                    new Quantity(1),
                    CLOCK.instant());
            holds.add(Reservation.held(request, new Reservation.Hold(shard, expiresAt, false, null)));
        }
        send(listing, shard, holds, List.of());
        reservations.confirm(holds.get(0), null).await().atMost(PATIENCE);
        send(
                listing,
                shard,
                List.of(),
                List.of(
                        new GroupCommit.Return(holds.get(1), Reservation.Status.RELEASED),
                        new GroupCommit.Return(holds.get(2), Reservation.Status.EXPIRED)));
    }

    private void send(Listing listing, int shard, List<Reservation> holds, List<GroupCommit.Return> returns) {
        GroupCommit commit =
                new GroupCommit(UUID.randomUUID().toString(), CLOCK.instant(), sku(listing), shard, holds, returns);
        retries.until(() -> stock.commit(commit)
                        .map(result -> result instanceof GroupCommit.Result.Committed
                                ? Optional.of(result)
                                : Optional.<GroupCommit.Result>empty()))
                .await()
                .atMost(PATIENCE);
    }

    // The life of a hold

    @Test
    public void whatIsSoldAndComesBackInPartIsSoldAndStockedAnew() {
        // Given
        Sold product = new Sold();
        for (int i = 0; i < 2; i++) {
            stock.takeBack(Samples.returnOf(product.sold, 1), List.of(new Portion(1, 1)), product.sold)
                    .await()
                    .atMost(PATIENCE);
        }

        // When
        Audit audit = audit(product.listing, true);

        // Then
        assertThat(stored(product.sold)).contains(product.sold.sold(null).withReturnOf(2));
        assertThat(audit.stocked()).isEqualTo(20 + 2);
        assertThat(audit.available()).isEqualTo(13 + 2);
        assertThat(audit.confirmed()).isEqualTo(3);
        assertThat(audit.held()).isEqualTo(4);
        assertThat(audit.difference()).isZero();
        assertThat(audit.discrepancies()).isEmpty();
    }

    @Test
    public void whatIsExtendedAndThenExpiresHoldsNothing() {
        // Given
        Sold product = new Sold();
        Reservation first = product.held;
        Instant until = Samples.NOW.plus(Duration.ofMinutes(20));
        reservations.extend(first, until).await().atMost(PATIENCE);
        Audit extended = audit(product.listing, true);
        giveBack(stored(first).orElseThrow(), Reservation.Status.EXPIRED);

        // When
        Audit expired = audit(product.listing, true);

        // Then
        assertThat(stored(first).orElseThrow().status()).isEqualTo(Reservation.Status.EXPIRED);
        assertThat(List.of(extended.held(), extended.available(), extended.difference()))
                .containsExactly(4L, 13L, 0L);
        assertThat(List.of(expired.held(), expired.available(), expired.difference()))
                .containsExactly(0L, 17L, 0L);
        assertThat(extended.discrepancies()).isEmpty();
        assertThat(expired.discrepancies()).isEmpty();
    }

    @Test
    public void whatCountsAgainstALimitIsHeldAndSoldLikeTheRest() {
        // Given
        Listing listing = stocked(20);
        UserId user = Samples.newUser();
        Reservation held = limited(listing, user, 1);
        Reservation sold = limited(listing, user, 2);
        Reservation released = limited(listing, user, 3);
        reservations.confirm(sold, null).await().atMost(PATIENCE);
        giveBack(released, Reservation.Status.RELEASED);
        Reservation again = limited(listing, user, 3);

        // When
        Audit audit = audit(listing, true);

        // Then
        assertThat(List.of(held, again)).extracting(this::stored).allMatch(Optional::isPresent);
        assertThat(List.of(audit.stocked(), audit.available(), audit.held(), audit.confirmed(), audit.difference()))
                .containsExactly(20L, 14L, 4L, 2L, 0L);
        assertThat(audit.discrepancies()).isEmpty();
    }

    /** One of the holds of a user who may have 6 units: each is committed alone. */
    private Reservation limited(Listing listing, UserId user, int units) {
        Reservation hold = Reservation.held(
                Samples.request(sku(listing), user, units),
                new Reservation.Hold(0, Samples.NOW.plus(Duration.ofMinutes(10)), false, 6));
        assertThat(commit(listing, hold)).isInstanceOf(GroupCommit.Result.Committed.class);
        return hold;
    }

    // What happens meanwhile

    /** A process that sells while the adjustments are counted, which is when the ledger was read already. */
    private final class Selling extends ForwardingStock {
        private final Listing listing;
        private final Instant at;

        Selling(Listing listing, Instant at) {
            super(stock);
            this.listing = listing;
            this.at = at;
        }

        @Override
        public Uni<List<Adjustment>> adjustments(Sku sku, String after, int limit) {
            GroupCommit sale =
                    new GroupCommit(UUID.randomUUID().toString(), at, sku, 0, List.of(hold(listing, 2)), List.of());
            return table.commit(sale).chain(() -> table.adjustments(sku, after, limit));
        }
    }

    @Test
    public void whatIsSoldMeanwhileIsInFlightAndNoDifference() {
        // Given
        Listing listing = stocked(20);

        // When
        AuditTable.Recorded recorded = audited(auditor(new Selling(listing, CLOCK.instant())), sku(listing), false);

        // Then
        assertThat(recorded.result()).satisfies(it -> {
            assertThat(it.inFlight()).isGreaterThanOrEqualTo(2);
            assertThat(it.difference()).isZero();
            assertThat(it.discrepancies()).isEmpty();
        });
    }

    /** A process that gives the SKU another shard, and moves units there, each time just after it was known how many it has. */
    private final class Growing extends ForwardingStock {
        private static final int MOST_SHARDS = 3;
        private int shards = 1;

        Growing() {
            super(stock);
        }

        @Override
        public Uni<Optional<List<ShardLevel>>> snapshot(Sku sku, int readShards) {
            return readShards == shards && shards < MOST_SHARDS
                    ? grow(sku).chain(() -> super.snapshot(sku, readShards))
                    : super.snapshot(sku, readShards);
        }

        private Uni<Attempt> grow(Sku sku) {
            int added = shards++;
            Move move = new Move(UUID.randomUUID().toString(), CLOCK.instant(), sku, List.of(new Portion(0, 5)), added);
            return products.find(sku)
                    .map(it -> it.orElseThrow().layout())
                    .chain(now -> layouts.replace(sku, now, now.reading(shards, 0)))
                    .chain(() -> stock.move(move));
        }
    }

    @Test
    public void aProductThatGetsMoreShardsMeanwhileIsCountedAnew() {
        // Given
        Listing listing = stocked(20);

        // When
        AuditTable.Recorded recorded = audited(auditor(new Growing()), sku(listing), true);

        // Then
        assertThat(recorded.result()).satisfies(it -> {
            assertThat(it.available()).isEqualTo(20);
            assertThat(it.difference()).isZero();
        });
    }

    @Test
    public void whenAClockIsFarBehindAnAuditFailsRatherThanNameAFalseDifference() {
        // Given
        Listing listing = created(1);
        Instant before = CLOCK.instant().minus(Duration.ofMinutes(2));
        Adjustment delivery = new Adjustment(
                Adjustment.idFor(sku(listing), Samples.newKey()),
                sku(listing),
                20,
                Adjustment.Reason.DELIVERY,
                before,
                Samples.ADMIN);
        adjust(delivery, new Portion(0, 20));

        // When
        AuditTable.Recorded recorded = audited(auditor(new Selling(listing, before)), sku(listing), false);

        // Then
        assertThat(recorded.run().failure()).contains("the clock of a process is wrong");
        assertThat(recorded.result()).isNull();
    }

    @Test
    public void whenTheLedgerDoesNotKnowTooManyAnAuditFailsRatherThanLeaveSomeOut() {
        // Given
        Listing listing = stocked(20);
        List<Reservation> strangers = Stream.generate(() -> hold(listing, 1))
                .limit(Auditor.MAX_UNKNOWN + 1)
                .toList();
        ReservationTable crowded = (ReservationTable) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {ReservationTable.class},
                (proxy, method, arguments) -> method.getName().equals("search")
                        ? Multi.createFrom().iterable(strangers)
                        : method.invoke(reservations, arguments));

        // When
        AuditTable.Recorded recorded = audited(auditor(stock, crowded), sku(listing), true);

        // Then
        assertThat(recorded.run().failure()).startsWith("More than 10000 reservations");
    }

    @Test
    public void nothingIsHeldWhenAllIsThere() {
        // Given
        Listing listing = stocked(7, 5);
        release(held(listing, 2));

        // When
        Outcome<Long> held = auditor(retries).held(listing).await().atMost(PATIENCE);

        // Then
        assertThat(held).isEqualTo(Outcome.done(0L));
    }

    @Test
    public void whatIsAdjustedMeanwhileHidesNoHold() {
        // Given
        Listing listing = stocked(12);
        held(listing, 2);
        Audits useCase = auditor(new ForwardingStock(stock) {
            @Override
            public Uni<Long> stocked(Sku sku) {
                return table.adjust(Samples.adjustment(sku, -2), List.of(new Portion(0, 2)))
                        .chain(() -> table.stocked(sku));
            }
        });

        // When
        Outcome<Long> held = useCase.held(listing).await().atMost(PATIENCE);

        // Then
        assertThat(held).isEqualTo(Outcome.done(2L));
    }

    // One at a time

    private AuditRun running(Sku sku, Instant heartbeat) {
        return new AuditRun(
                UUID.randomUUID().toString(), sku, AuditRun.State.RUNNING, OLGA, heartbeat, heartbeat, 7, null);
    }

    @Test
    public void ofTwoRunsOneIsUnderWay() {
        // Given
        Sku sku = Samples.newSku();
        Instant now = Samples.NOW;
        AuditRun first = running(sku, now);
        AuditRun second = running(sku, now.plusSeconds(1));

        // When
        Attempt begun = audits.begin(first, now.minusSeconds(30)).await().atMost(PATIENCE);
        Attempt taken = audits.begin(second, now.minusSeconds(29)).await().atMost(PATIENCE);
        Attempt foreign = audits.end(second.done(), null).await().atMost(PATIENCE);
        Attempt alive =
                audits.alive(first.aliveAt(now.plusSeconds(5), 99)).await().atMost(PATIENCE);

        // Then
        assertThat(List.of(begun, taken, foreign, alive))
                .containsExactly(Attempt.DONE, Attempt.CHANGED, Attempt.CHANGED, Attempt.DONE);
        assertThat(last(sku)).contains(new AuditTable.Recorded(first.aliveAt(now.plusSeconds(5), 99), null, false));
    }

    @Test
    public void aRunThatIsSilentIsTakenOverAndChangesNothingAnyMore() {
        // Given
        Sku sku = Samples.newSku();
        AuditRun silent = running(sku, Samples.NOW);
        audits.begin(silent, Samples.NOW.minusSeconds(30)).await().atMost(PATIENCE);
        AuditRun next = running(sku, Samples.NOW.plusSeconds(31));

        // When
        Attempt begun = audits.begin(next, Samples.NOW.plusSeconds(1)).await().atMost(PATIENCE);
        Attempt late = audits.alive(silent).await().atMost(PATIENCE);
        Attempt end = audits.end(silent.failed("late"), null).await().atMost(PATIENCE);

        // Then
        assertThat(List.of(begun, late, end)).containsExactly(Attempt.DONE, Attempt.CHANGED, Attempt.CHANGED);
        assertThat(last(sku)).contains(new AuditTable.Recorded(next, null, false));
    }

    @Test
    public void aResultComesBackAsItWasWrittenAndStaysUntilTheNext() {
        // Given
        Sku sku = Samples.newSku();
        AuditRun run = running(sku, Samples.NOW);
        Reservation reservation = Samples.held(Samples.request(sku, 2), 0, Duration.ofMinutes(1));
        Audit audit = new Audit(
                run.id(),
                sku,
                Samples.NOW,
                Samples.NOW.plusSeconds(9),
                1,
                2,
                3,
                4,
                5,
                -6,
                7,
                true,
                8,
                9,
                List.of(
                        new Discrepancy(Discrepancy.Kind.RESERVATION_NOT_HELD, 2, reservation.key(), null),
                        new Discrepancy(Discrepancy.Kind.ADJUSTMENT_NOT_RECORDED, -8, null, "4711"),
                        new Discrepancy(Discrepancy.Kind.SHARDS, 1, null, null)),
                10);
        audits.begin(run, Samples.NOW.minusSeconds(30)).await().atMost(PATIENCE);

        // When
        audits.end(run.done(), audit).await().atMost(PATIENCE);
        Optional<AuditTable.Recorded> done = last(sku);
        AuditRun next = running(sku, Samples.NOW.plusSeconds(60));
        audits.begin(next, Samples.NOW).await().atMost(PATIENCE);
        audits.end(next.failed("too much"), null).await().atMost(PATIENCE);

        // Then
        assertThat(done).contains(new AuditTable.Recorded(run.done(), audit, false));
        assertThat(last(sku)).contains(new AuditTable.Recorded(next.failed("too much"), audit, false));
    }

    @Test
    public void whoAsksWhileOneIsUnderWayJoinsIt() {
        // Given
        Listing listing = stocked(1);
        AuditRun other = running(sku(listing), CLOCK.instant());
        audits.begin(other, CLOCK.instant().minusSeconds(30)).await().atMost(PATIENCE);

        // When
        Outcome<AuditRun> asked =
                auditor(retries).start(sku(listing), OLGA, false).await().atMost(PATIENCE);
        Outcome<Audits.Seen> seen = auditor(retries).last(sku(listing)).await().atMost(PATIENCE);

        // Then
        assertThat(((Outcome.Done<AuditRun>) asked).value().id()).isEqualTo(other.id());
        Audits.Seen shown = ((Outcome.Done<Audits.Seen>) seen).value();
        assertThat(shown.audit()).isNull();
        assertThat(shown.run().state()).isEqualTo(AuditRun.State.RUNNING);
        assertThat(repair(listing)).isEqualTo(Outcome.refused(new Refusal.AuditNeeded(sku(listing), Why.RUNNING)));
    }

    @Test
    public void whenAProcessHasDiedAnotherOneAudits() {
        // Given
        Listing listing = stocked(5);
        AuditRun dead = running(sku(listing), CLOCK.instant().minusSeconds(31));
        audits.begin(dead, dead.startedAt().minusSeconds(30)).await().atMost(PATIENCE);
        Outcome<Adjustment> repair = repair(listing);

        // When
        Audit audit = audit(listing, false);

        // Then
        assertThat(repair).isEqualTo(Outcome.refused(new Refusal.AuditNeeded(sku(listing), Why.FAILED)));
        assertThat(audit.id()).isNotEqualTo(dead.id());
        assertThat(audit.available()).isEqualTo(5);
    }

    @Test
    public void aProcessAuditsFewAtATime() {
        // Given
        Audits useCase = auditor(new ForwardingStock(stock) {
            @Override
            public Uni<Optional<List<ShardLevel>>> snapshot(Sku sku, int shards) {
                return Uni.createFrom().nothing();
            }
        });
        for (int i = 0; i < Audits.MAX_AT_ONCE; i++) {
            useCase.start(sku(stocked(1)), OLGA, false).await().atMost(PATIENCE);
        }

        // When
        Throwable failure = failure(useCase.start(sku(stocked(1)), OLGA, false));

        // Then
        assertThat(failure).isInstanceOf(Unavailable.class).hasMessageContaining("2 audits");
    }

    @Test
    public void whatGoesWrongIsTheRunsFailure() {
        // Given
        Listing listing = stocked(1);
        Audits useCase = auditor(new ForwardingStock(stock) {
            @Override
            public Uni<List<Adjustment>> adjustments(Sku sku, String after, int limit) {
                return Uni.createFrom().failure(new Tally.TooMuch("Far too much"));
            }
        });

        // When
        AuditTable.Recorded recorded = audited(useCase, sku(listing), false);

        // Then
        assertThat(recorded.run().state()).isEqualTo(AuditRun.State.FAILED);
        assertThat(recorded.run().failure()).isEqualTo("Far too much");
        assertThat(recorded.result()).isNull();
    }

    // Repairs

    @Test
    public void whatIsRightIsNotRepaired() {
        // Given
        Listing listing = stocked(5);

        // When
        Outcome<Adjustment> before = repair(listing);
        audit(listing, false);
        Outcome<Adjustment> after = repair(listing);
        Outcome<Adjustment> late = repair(listing, () -> CLOCK.instant().plus(Duration.ofMinutes(11)));

        // Then
        assertThat(before).isEqualTo(Outcome.refused(new Refusal.AuditNeeded(sku(listing), Why.OLD)));
        assertThat(after).isEqualTo(Outcome.refused(new Refusal.NothingToRepair(sku(listing))));
        assertThat(late).isEqualTo(Outcome.refused(new Refusal.AuditNeeded(sku(listing), Why.OLD)));
    }

    /** Records a result as if it had been counted. */
    private Audit recorded(Listing listing, long difference, long inFlight, boolean searched) {
        Instant now = CLOCK.instant();
        AuditRun run = running(sku(listing), now);
        Audit audit = new Audit(
                run.id(), sku(listing), now, now, 0, 0, 0, 0, 0, difference, inFlight, searched, 0, 0, List.of(), 0);
        audits.begin(run, now.minusSeconds(30)).await().atMost(PATIENCE);
        audits.end(run.done(), audit).await().atMost(PATIENCE);
        return audit;
    }

    @Test
    public void onlyAnAuditThatIsCertainIsRepaired() {
        // Given
        Listing listing = stocked(5);

        // When
        recorded(listing, 3, 1, true);
        Outcome<Adjustment> inFlight = repair(listing);
        recorded(listing, 3, 0, false);
        Outcome<Adjustment> notSearched = repair(listing);
        recorded(listing, -6, 0, true);
        Outcome<Adjustment> tooMany = repair(listing);

        // Then
        assertThat(inFlight).isEqualTo(Outcome.refused(new Refusal.AuditNeeded(sku(listing), Why.IN_FLIGHT)));
        assertThat(notSearched).isEqualTo(Outcome.refused(new Refusal.AuditNeeded(sku(listing), Why.NOT_SEARCHED)));
        assertThat(tooMany).isEqualTo(Outcome.refused(new Refusal.NotEnoughStock(sku(listing), 5)));
        assertThat(ever(listing)).isEqualTo(5);
    }

    @Test
    public void anAuditIsRepairedOnceAndOnlyTheLast() {
        // Given
        Listing listing = stocked(5);
        Audit first = recorded(listing, 3, 0, true);

        // When
        Outcome<Adjustment> repaired = repair(listing);
        Outcome<Adjustment> again = repair(listing);
        recorded(listing, 2, 0, true);
        Adjustment late =
                new Adjustment("REPAIR.late", sku(listing), 3, Adjustment.Reason.REPAIR, Samples.NOW, Samples.ADMIN);
        Attempt ofTheFirst = stock.repair(late, List.of(new Portion(0, 3)), List.of(), first.id())
                .await()
                .atMost(PATIENCE);

        // Then
        assertThat(((Outcome.Done<Adjustment>) repaired).value().delta()).isEqualTo(3);
        assertThat(again).isEqualTo(repaired);
        assertThat(ofTheFirst).isEqualTo(Attempt.CHANGED);
        assertThat(gather(listing).get(0).available()).isEqualTo(8);
        assertThat(ever(listing)).isEqualTo(5);
        assertThat(stock.adjustments(sku(listing), "", 10).await().atMost(PATIENCE))
                .extracting(Adjustment::reason)
                .containsExactlyInAnyOrder(Adjustment.Reason.DELIVERY, Adjustment.Reason.REPAIR);
    }

    @Test
    public void aDifferenceThatAnotherAuditHasFoundAndRepairedMeanwhileIsNotRepairedAgain() {
        // Given
        Listing listing = stocked(5);
        recorded(listing, 3, 0, true);
        AtomicBoolean others = new AtomicBoolean();
        StockTable slow = new ForwardingStock(stock) {
            @Override
            public Uni<Attempt> repair(
                    Adjustment adjustment, List<Portion> portions, List<Movement.Line> lines, String audit) {
                Uni<Object> meanwhile = Uni.createFrom().item(() -> {
                    if (!others.getAndSet(true)) {
                        recorded(listing, 3, 0, true);
                        AuditContract.this.repair(listing);
                    }
                    return others;
                });
                return meanwhile
                        .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                        .chain(() -> table.repair(adjustment, portions, lines, audit));
            }
        };

        // When
        Outcome<Adjustment> outcome =
                repairs(slow, CLOCK).repair(sku(listing), Samples.ADMIN).await().atMost(PATIENCE);

        // Then
        assertThat(outcome).isEqualTo(repair(listing));
        assertThat(gather(listing).get(0).available()).isEqualTo(8);
    }

    @Test
    public void aDifferenceThatAnotherAuditIsCountingIsNotRepaired() {
        // Given
        Listing listing = stocked(5);
        Audit counted = recorded(listing, 3, 0, true);
        audits.begin(running(sku(listing), CLOCK.instant()), CLOCK.instant().minusSeconds(30))
                .await()
                .atMost(PATIENCE);
        Adjustment late =
                new Adjustment("REPAIR.late", sku(listing), 3, Adjustment.Reason.REPAIR, Samples.NOW, Samples.ADMIN);

        // When
        Attempt attempt = stock.repair(late, List.of(new Portion(0, 3)), List.of(), counted.id())
                .await()
                .atMost(PATIENCE);

        // Then
        assertThat(attempt).isEqualTo(Attempt.CHANGED);
        assertThat(gather(listing).get(0).available()).isEqualTo(5);
    }

    @Test
    public void askedManyTimesAtOnceADifferenceIsRepairedOnce() {
        // Given
        Listing listing = stocked(5);
        recorded(listing, 3, 0, true);

        // When
        List<Outcome<Adjustment>> outcomes = Uni.join()
                .all(Stream.generate(() -> repairs(stock, CLOCK).repair(sku(listing), Samples.ADMIN))
                        .limit(8)
                        .toList())
                .andFailFast()
                .await()
                .atMost(PATIENCE);

        // Then
        assertThat(outcomes).hasSize(8).allSatisfy(it -> assertThat(it).isInstanceOf(Outcome.Done.class));
        assertThat(outcomes.stream().distinct()).hasSize(1);
        assertThat(gather(listing).get(0).available()).isEqualTo(8);
    }

    @Test
    public void aRepairOfWhichTheAnswerWasLostHappensOnce() {
        // Given
        Listing listing = stocked(5);
        recorded(listing, 3, 0, true);
        StockTable answersLost = new ForwardingStock(stock) {
            @Override
            public Uni<Attempt> repair(
                    Adjustment adjustment, List<Portion> portions, List<Movement.Line> lines, String audit) {
                return table.repair(adjustment, portions, lines, audit)
                        .chain(done -> Uni.createFrom().failure(new Unavailable("The answer was lost")));
            }
        };
        Throwable lost = failure(repairs(answersLost, CLOCK).repair(sku(listing), Samples.ADMIN));

        // When
        Outcome<Adjustment> again = repair(listing);

        // Then
        assertThat(lost).isInstanceOf(Unavailable.class);
        assertThat(((Outcome.Done<Adjustment>) again).value().delta()).isEqualTo(3);
        assertThat(gather(listing).get(0).available()).isEqualTo(8);
    }

    @Test
    public void adjustmentsAreListedInPages() {
        // Given
        Listing listing = stocked(5);
        for (int i = 0; i < 4; i++) {
            deliver(listing, List.of(new Portion(0, i + 1)));
        }

        // When
        List<Adjustment> first = stock.adjustments(sku(listing), "", 3).await().atMost(PATIENCE);
        List<Adjustment> second =
                stock.adjustments(sku(listing), first.get(2).id(), 3).await().atMost(PATIENCE);

        // Then
        assertThat(first).hasSize(3);
        assertThat(second).hasSize(2);
        first = new ArrayList<>(first);
        first.addAll(second);
        assertThat(first).extracting(Adjustment::id).doesNotHaveDuplicates().isSorted();
        assertThat(first.stream().mapToLong(Adjustment::delta).sum()).isEqualTo(15);
    }

    @Test
    public void anIdThatIsUsedAgainLongAfterItsReservationIsOverIsAnotherReservation() {
        // Given
        Listing listing = stocked(10);
        Reservation first = hold(listing, 2);
        commit(listing, first);
        giveBack(first, Reservation.Status.RELEASED);
        Instant later = Samples.NOW.plus(Duration.ofDays(31));
        Reservation second = Reservation.held(
                new ReservationRequest(first.id(), first.user(), new Quantity(3), later),
                new Reservation.Hold(0, later.plusSeconds(600), false, null));
        removed(first);
        stock.commit(new GroupCommit(UUID.randomUUID().toString(), later, sku(listing), 0, List.of(second), List.of()))
                .await()
                .atMost(PATIENCE);

        // When
        Audit audit = audit(listing, true);

        // Then
        assertThat(audit.held()).isEqualTo(3);
        assertThat(audit.difference()).isZero();
        assertThat(audit.discrepancies()).isEmpty();
    }

    /** Removes the item of a reservation that is over, as the table does after its time to live. */
    protected abstract void removed(Reservation over);

    @Test
    public void reservationsThatAreHeldOrSoldAreFoundByTheirSku() {
        // Given
        Sold product = new Sold();
        new Sold();

        // When
        List<Reservation> found =
                reservations.search(product.sku()).collect().asList().await().atMost(PATIENCE);

        // Then
        assertThat(found).containsExactlyInAnyOrder(product.held, product.sold.sold(null));
    }
}
