package dev.flashstock.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flashstock.Samples;
import dev.flashstock.inventory.Expirations;
import dev.flashstock.inventory.Expiry;
import dev.flashstock.inventory.GroupCommits;
import dev.flashstock.inventory.Listing;
import dev.flashstock.inventory.Neighbours;
import dev.flashstock.inventory.News;
import dev.flashstock.inventory.Pauses;
import dev.flashstock.inventory.Pods;
import dev.flashstock.inventory.Reservations;
import dev.flashstock.inventory.Retries;
import dev.flashstock.inventory.SoldOut;
import dev.flashstock.inventory.Sweeper;
import dev.flashstock.inventory.Unavailable;
import dev.flashstock.sharding.Layout;
import dev.flashstock.stock.Movement;
import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Portion;
import dev.flashstock.stock.Product;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.Reservation.Status;
import dev.flashstock.stock.ShardLevel;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sweepers on virtual time and the table in memory. */
class SweeperTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** Until a sweeper that starts looks back. */
    private static final Duration HEAD_START = Duration.ofSeconds(5);

    private static final Duration HOLD = Duration.ofSeconds(30);
    private static final Sweeper.Setting SETTING = new Sweeper.Setting(SECOND, Duration.ofMinutes(15));
    private static final Sweeper.Setting FAR = new Sweeper.Setting(SECOND, Duration.ofHours(24));
    private static final int SHARDS = 16;
    /** Where units are taken when it does not matter. */
    private static final int SHARD = 3;

    private static final int STOCKED = SHARDS * 10_000;
    private static final int UNITS = 2;
    /** More than an expiry takes. */
    private static final int MOST_STEPS = 20;

    private final SplittableRandom random = new SplittableRandom(7);
    private final VirtualTime time = new VirtualTime(random);
    private final Map<String, Instant> writtenAt = new HashMap<>();
    private final ItemStore store = new ItemStore(time, this::written);
    private final InMemoryTable table = new InMemoryTable(store, Wire.direct());
    private final Sku sku = new Sku("console");
    private final Listing listing = new Listing(product(HOLD), Layout.of(SHARDS));
    private Layout layout = listing.layout();
    private int tokens;

    private Product product(Duration holdTime) {
        Product it = Samples.product(sku);
        return new Product(
                sku, it.name(), it.price(), it.status(), it.startsAt(), it.endsAt(), holdTime, null, it.revision());
    }

    @BeforeEach
    void stockUp() {
        table.create(listing).await().indefinitely();
        List<Portion> portions = IntStream.range(0, SHARDS)
                .mapToObj(shard -> new Portion(shard, STOCKED / SHARDS))
                .toList();
        table.adjust(Samples.adjustment(sku, STOCKED), portions).await().indefinitely();
    }

    /** A pod, as far as holds come back. */
    private final class Pod implements Pods {
        private final String name;
        private final Set<String> living;
        private final Expirations expirations;
        private final GroupCommits commits;
        private final Reservations reservations;
        private final Sweeper sweeper;
        private final List<Integer> failures = new ArrayList<>();

        Pod(String name, Set<String> living, Duration fast, Sweeper.Setting setting, Wire queries, Wire others) {
            this.name = name;
            this.living = living;
            InstantSource clock = () -> time.instant().plus(fast);
            Pauses pauses = duration -> time.pause(duration, () -> true);
            InMemoryTable ports = new InMemoryTable(store, others);
            SoldOut soldOut = new SoldOut(() -> time.micros() * 1_000, News.toNobody());
            this.commits = new GroupCommits(
                    ports, () -> "token-" + tokens++, clock, new Neighbours(this), pauses, random::nextInt);
            this.expirations = new Expirations(ports, ports, ports, commits, soldOut, clock);
            this.reservations = new Reservations(
                    ports,
                    any -> Uni.createFrom().item(Optional.of(listing)),
                    commits,
                    soldOut,
                    new Retries(random::nextInt, pauses),
                    clock);
            this.sweeper = new Sweeper(
                    new InMemoryTable(store, queries),
                    expirations,
                    any -> Uni.createFrom().item(Optional.of(new Listing(listing.product(), layout))),
                    new Neighbours(this),
                    this,
                    setting,
                    clock,
                    pauses,
                    random::nextInt,
                    (count, first) -> failures.add(count));
        }

        @Override
        public String self() {
            return name;
        }

        @Override
        public Set<String> living() {
            return living;
        }
    }

    private Pod pod(String name, Wire queries, Wire others) {
        return new Pod(name, Set.of(name), Duration.ZERO, SETTING, queries, others);
    }

    private Pod pod(String name) {
        return pod(name, Wire.direct(), Wire.direct());
    }

    private Pod pod(String name, Sweeper.Setting setting) {
        return new Pod(name, Set.of(name), Duration.ZERO, setting, Wire.direct(), Wire.direct());
    }

    private final Pod shop = pod("shop");

    private void written(List<ItemStore.Change> changes) {
        changes.forEach(change -> {
            if (change.after() instanceof Movement movement) {
                writtenAt.put(movement.id(), time.instant());
            }
        });
    }

    // What comes back, and when

    @Test
    void whatIsDueComesBackWithinTheIntervalAndNothingElse() {
        // Given
        Reservation due = hold();
        Reservation later = hold(Duration.ofSeconds(90));

        // When
        pod("a").sweeper.start();
        pass(HOLD.plus(SECOND.multipliedBy(2)));

        // Then
        assertThat(status(due)).isEqualTo(Status.EXPIRED);
        assertThat(lag(due)).isBetween(Duration.ZERO, SECOND);
        assertThat(status(later)).isEqualTo(Status.HELD);
        assertBooks();
    }

    @Test
    void whatIsExtendedComesBackAtItsNewMomentOnce() {
        // Given
        Reservation hold = hold();
        Instant until = extended(hold);

        // When
        pod("a").sweeper.start();
        pass(HOLD.plus(SECOND));
        Status atItsFirstMoment = status(hold);
        List<Expiry> noted = all(Expiry.class);
        pass(Duration.between(time.instant(), until).plus(SECOND));

        // Then
        assertThat(atItsFirstMoment).isEqualTo(Status.HELD);
        assertThat(noted).extracting(Expiry::dueAt).containsExactly(until);
        assertThat(status(hold)).isEqualTo(Status.EXPIRED);
        assertThat(ends(hold)).hasSize(1);
        assertNothingIsDue();
    }

    @Test
    void moreThanAPageOfOneBucketComesBackInOnePass() {
        // Given
        List<Reservation> holds = IntStream.range(0, 450).mapToObj(i -> hold()).toList();

        // When
        pod("a").sweeper.start();
        pass(HOLD.plus(SECOND));

        // Then
        assertThat(holds).extracting(this::status).containsOnly(Status.EXPIRED);
        assertNothingIsDue();
    }

    @Test
    void whatCannotBeSettledDoesNotHoldTheRestUp() {
        // Given
        Reservation hold = hold();
        Expiry ofNothing = new Expiry(end(hold).minusMillis(1), sku, SHARD, Samples.NOW, "nobody-knows");
        table.note(ofNothing).await().indefinitely();

        // When
        pod("a").sweeper.start();
        pass(HOLD.plus(SECOND));

        // Then
        assertThat(status(hold)).isEqualTo(Status.EXPIRED);
        assertThat(all(Expiry.class)).containsExactly(ofNothing);
    }

    // Races, deaths, clocks

    private enum Rival {
        CONFIRM,
        RELEASE,
        EXTEND
    }

    @ParameterizedTest
    @EnumSource
    void whoeverComesBetweenTwoStepsOneWinsAndUnitsAreCountedOnce(Rival rival) {
        int won = 0;
        int lost = 0;
        for (int step = 0; step < MOST_STEPS; step++) {
            // Given
            Reservation hold = hold();
            List<Outcome<Reservation>> outcome = new ArrayList<>();
            Pod sweeping = pod(
                    "a",
                    Wire.direct(),
                    before(step, () -> act(rival, hold).subscribe().with(outcome::add)));
            pass(HOLD);

            // When
            sweeping.sweeper.start();
            pass(MINUTE);
            if (outcome.isEmpty()) { // no such step
                act(rival, hold).subscribe().with(outcome::add);
            }
            Status soon = status(hold);
            pass(HOLD.multipliedBy(2));

            // Then
            boolean done = outcome.get(0) instanceof Outcome.Done<Reservation> it
                    && it.value().status() != Status.EXPIRED;
            won += done ? 1 : 0;
            lost += done ? 0 : 1;
            switch (rival) {
                case CONFIRM -> assertThat(soon).isEqualTo(done ? Status.CONFIRMED : Status.EXPIRED);
                case RELEASE -> assertThat(soon).isEqualTo(done ? Status.RELEASED : Status.EXPIRED);
                case EXTEND -> assertThat(ends(hold).get(0).at()).isAfterOrEqualTo(end(stored(hold)));
            }
            assertThat(ends(hold)).as("step %d", step).hasSize(status(hold) == Status.CONFIRMED ? 0 : 1);
            assertBooks();
            assertNothingIsDue();
            sweeping.sweeper.stop().await().indefinitely();
        }
        assertThat(won).isPositive();
        assertThat(lost).isPositive();
    }

    private Uni<Outcome<Reservation>> act(Rival rival, Reservation hold) {
        return switch (rival) {
            case CONFIRM -> shop.reservations.confirm(hold.user(), hold.id(), "pi_1");
            case RELEASE -> shop.reservations.release(hold.user(), hold.id());
            case EXTEND -> shop.reservations.extend(hold.user(), hold.id());
        };
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whereverASweeperDiesAnotherGoesOnAndNothingIsCountedTwice(boolean lastRequestArrives) {
        int died = 0;
        for (int step = 0; step < MOST_STEPS; step++) {
            // Given
            Reservation hold = hold();
            Reservation extended = hold();
            extended(extended);
            boolean[] dead = {false};
            Pod dying = pod("dying", Wire.direct(), dying(step, lastRequestArrives, dead));
            pass(HOLD);

            // When
            dying.sweeper.start();
            pass(SECOND.multipliedBy(3));
            died += dead[0] ? 1 : 0;
            Pod next = pod("next");
            next.sweeper.start();
            pass(HOLD.multipliedBy(3));

            // Then
            assertThat(List.of(hold, extended)).extracting(this::status).containsOnly(Status.EXPIRED);
            assertThat(ends(hold)).hasSize(1);
            assertThat(ends(extended)).hasSize(1);
            assertBooks();
            assertNothingIsDue();
            next.sweeper.stop().await().indefinitely();
            dying.sweeper.stop().subscribe().with(it -> {});
        }
        assertThat(died).isBetween(6, MOST_STEPS - 1);
    }

    @Test
    void severalAtOnceOnABadNetworkCountNothingTwice() {
        // Given
        Trace trace = new Trace(time);
        Network network = new Network(time, random, trace, Faults.any(random));
        Network.Caller immortal = new Network.Caller() {
            @Override
            public boolean isAlive() {
                return true;
            }

            @Override
            public void die() {}
        };
        List<Reservation> holds = IntStream.range(0, 60).mapToObj(i -> hold()).toList();

        // When
        for (String name : List.of("a", "b", "c")) {
            pod(name, network.from(immortal), network.from(immortal)).sweeper.start();
        }
        pass(MINUTE);
        network.nothingGoesWrongAnyMore();
        pass(MINUTE.multipliedBy(20)); // longer than any duplicate is late

        // Then
        assertThat(holds).extracting(this::status).containsOnly(Status.EXPIRED);
        assertThat(holds).allSatisfy(it -> assertThat(ends(it)).hasSize(1));
        assertThat(trace.violation()).isNull();
        assertBooks();
    }

    @ParameterizedTest
    @ValueSource(longs = {-5, 5})
    void aClockThatIsWrongByFiveSecondsMovesTheMomentAndNothingElse(long secondsFast) {
        // Given
        Reservation hold = hold();
        Duration fast = Duration.ofSeconds(secondsFast);
        Pod wrong = new Pod("wrong", Set.of("wrong"), fast, SETTING, Wire.direct(), Wire.direct());

        // When
        wrong.sweeper.start();
        shop.sweeper.start();
        pass(HOLD.plusSeconds(8));

        // Then
        assertThat(status(hold)).isEqualTo(Status.EXPIRED);
        assertThat(ends(hold)).hasSize(1);
        Duration early = secondsFast > 0 ? fast : Duration.ZERO;
        assertThat(lag(hold)).isBetween(early.negated(), early.negated().plus(SECOND));
        assertBooks();
        assertNothingIsDue();
    }

    // Pods that are not there, and outages

    @Test
    void theShardsOfAPodThatIsStuckAreSweptByOthers() {
        // Given
        Set<String> living = Set.of("a", "stuck");
        List<Reservation> holds =
                IntStream.range(0, 60).mapToObj(i -> hold(HOLD, i % SHARDS)).toList();
        Pod pod = new Pod("a", living, Duration.ZERO, SETTING, Wire.direct(), Wire.direct());
        List<Integer> own = new Neighbours(pod).own(sku, listing.layout());

        // When
        pod.sweeper.start();
        pass(HOLD.plus(SECOND));
        List<Integer> atFirst = all(Expiry.class).stream().map(Expiry::shard).toList();
        pass(SECOND.multipliedBy(11));
        List<Integer> later = all(Expiry.class).stream().map(Expiry::shard).toList();
        pass(MINUTE.multipliedBy(4));

        // Then
        assertThat(atFirst).isNotEmpty().hasSizeLessThan(60).doesNotContainAnyElementsOf(own);
        assertThat(later).hasSizeLessThan(atFirst.size());
        assertThat(holds).extracting(this::status).containsOnly(Status.EXPIRED);
        assertBooks();
    }

    @Test
    void whatNobodySellsIsSweptByItsBucketsOwner() {
        // Given
        Set<String> living = Set.of("a", "b");
        List<Reservation> holds =
                IntStream.range(0, SHARDS).mapToObj(shard -> hold(HOLD, shard)).toList();
        layout = new Layout(1, SHARDS, 2);

        // When
        living.forEach(it -> new Pod(it, living, Duration.ZERO, SETTING, Wire.direct(), Wire.direct()).sweeper.start());
        pass(HOLD.plus(SECOND.multipliedBy(2)));

        // Then
        assertThat(holds).extracting(this::status).containsOnly(Status.EXPIRED);
        assertThat(holds).extracting(this::ends).allMatch(it -> it.size() == 1);
    }

    @Test
    void aloneOrWithMorePodsThanBucketsEveryBucketHasOneOwner() {
        // Given
        Set<String> many =
                Set.copyOf(IntStream.range(0, 100).mapToObj(i -> "pod-" + i).toList());
        List<Reservation> holds = IntStream.range(0, 60).mapToObj(i -> hold()).toList();
        pass(HOLD);

        // When
        many.forEach(name -> new Pod(name, many, Duration.ZERO, SETTING, Wire.direct(), Wire.direct()).sweeper.start());

        // Then
        assertThat(holds).extracting(this::status).containsOnly(Status.EXPIRED);
    }

    @Test
    void whatWasDueDuringAnOutageComesBackAtTheStart() {
        // Given
        Reservation longAgo = hold();
        pass(Duration.ofHours(20));
        Reservation justNow = hold();
        pass(HOLD);

        // When
        pod("a", FAR).sweeper.start();
        Status longAgoAtFirst = status(longAgo);
        Status justNowAtFirst = status(justNow);
        pass(HEAD_START);

        // Then
        assertThat(justNowAtFirst).isEqualTo(Status.EXPIRED);
        assertThat(longAgoAtFirst).as("others wait for a process that starts").isEqualTo(Status.HELD);
        assertThat(status(longAgo)).isEqualTo(Status.EXPIRED);
        assertBooks();
        assertNothingIsDue();
    }

    @Test
    void nothingIsLookedForBeyondTheLookBack() {
        // Given
        Reservation tooLongAgo = hold();
        pass(Duration.ofMinutes(3));
        Reservation inTime = hold();
        pass(Duration.ofHours(24).minusMinutes(1));

        // When
        pod("a", FAR).sweeper.start();
        pass(MINUTE.multipliedBy(3));

        // Then
        assertThat(status(tooLongAgo)).isEqualTo(Status.HELD);
        assertThat(status(inTime)).isEqualTo(Status.EXPIRED);
    }

    @Test
    void minutesThatWentByWithoutAPassAreLookedIntoAfterwards() {
        // Given
        boolean[] answers = {true};
        Wire slow = through(() -> answers[0]);
        Pod stuck = pod("stuck", slow, Wire.direct());
        stuck.sweeper.start();
        pass(MINUTE);
        Reservation hold = hold();
        answers[0] = false;
        pass(Duration.ofMinutes(12));

        // When
        answers[0] = true;
        held.forEach(Runnable::run);
        pass(MINUTE.multipliedBy(3));

        // Then
        assertThat(status(hold)).isEqualTo(Status.EXPIRED);
    }

    // Failures

    @Test
    void whatFailsIsToldOnceForAPassAndTriedAgain() {
        // Given
        List<Reservation> holds = IntStream.range(0, 30).mapToObj(i -> hold()).toList();
        Pod sweeping = pod("a", failing(sent -> sent % 5 == 0 && sent < 30), Wire.direct());
        pass(HOLD);

        // When
        sweeping.sweeper.start();
        List<Integer> ofTheFirstPass = List.copyOf(sweeping.failures);
        pass(SECOND);

        // Then
        assertThat(ofTheFirstPass).containsExactly(6);
        assertThat(sweeping.failures).isEqualTo(ofTheFirstPass);
        assertThat(holds).extracting(this::status).containsOnly(Status.EXPIRED);
    }

    @Test
    void whereverTheTableFailsNothingIsCountedTwice() {
        // Given
        List<Reservation> holds = IntStream.range(0, 30).mapToObj(i -> hold()).toList();
        Pod sweeping = pod("a", Wire.direct(), failing(sent -> sent % 3 == 1 && sent < 99));

        // When
        sweeping.sweeper.start();
        pass(MINUTE);

        // Then
        assertThat(sweeping.failures).isNotEmpty();
        assertThat(holds).extracting(this::status).containsOnly(Status.EXPIRED);
        assertThat(holds).allSatisfy(it -> assertThat(ends(it)).hasSize(1));
        assertBooks();
        assertNothingIsDue();
    }

    @Test
    void whatFailedWhileAnOutageWasMadeUpForIsNotForgotten() {
        // Given
        Reservation longAgo = hold();
        pass(Duration.ofHours(20));
        Pod sweeping = new Pod("a", Set.of("a"), Duration.ZERO, FAR, Wire.direct(), failing(sent -> sent < 1));

        // When
        sweeping.sweeper.start();
        pass(HEAD_START);
        Status afterTheFirstPass = status(longAgo);
        pass(MINUTE.multipliedBy(2));

        // Then
        assertThat(afterTheFirstPass).isEqualTo(Status.HELD);
        assertThat(sweeping.failures).containsExactly(1);
        assertThat(status(longAgo)).isEqualTo(Status.EXPIRED);
        assertNothingIsDue();
    }

    // Bounds and the end

    @Test
    void passesDoNotOverlapAndQueriesAreFewAtOnce() {
        // Given
        Pod slow = pod("slow", through(() -> false), Wire.direct());

        // When
        slow.sweeper.start();
        int atFirst = held.size();
        pass(MINUTE.multipliedBy(5));

        // Then
        assertThat(atFirst).isEqualTo(8);
        assertThat(held).hasSize(16); // eight of each kind of pass
    }

    @Test
    void aSweeperThatIsStoppedFinishesWhatItHasBegunAndBeginsNothingMore() {
        // Given
        Pod slow = pod("slow", through(() -> false), Wire.direct());
        slow.sweeper.start();
        pass(HEAD_START);

        // When
        UniAssertSubscriber<Void> stopped =
                slow.sweeper.stop().subscribe().withSubscriber(UniAssertSubscriber.create());
        stopped.assertNotTerminated();
        List.copyOf(held).forEach(Runnable::run);

        // Then
        stopped.assertCompleted();
        assertThat(held).hasSize(16);
    }

    @Test
    void aSweeperThatRestsStopsAtOnceAndCanStartAgain() {
        // Given
        Reservation hold = hold();
        Pod pod = pod("a");
        pod.sweeper.start();
        pass(SECOND.multipliedBy(3));

        // When
        UniAssertSubscriber<Void> stopped = pod.sweeper.stop().subscribe().withSubscriber(UniAssertSubscriber.create());
        pass(MINUTE);
        Status whileStopped = status(hold);
        pod.sweeper.start();

        // Then
        stopped.assertCompleted();
        assertThat(whileStopped).isEqualTo(Status.HELD);
        assertThat(status(hold)).isEqualTo(Status.EXPIRED);
    }

    // Wires

    private final List<Runnable> held = new ArrayList<>();

    /** One whose answers are held back. */
    private Wire through(BooleanSupplier answers) {
        return new Wire() {
            @Override
            public <T> Uni<T> send(Operation<T> operation) {
                return Uni.createFrom().emitter(emitter -> {
                    Runnable arrival =
                            () -> Wire.direct().send(operation).subscribe().with(emitter::complete, emitter::fail);
                    if (answers.getAsBoolean()) {
                        arrival.run();
                    } else {
                        held.add(arrival);
                    }
                });
            }
        };
    }

    private Wire before(int step, Runnable rival) {
        int[] sent = {0};
        return failing(number -> {
            if (sent[0]++ == step) {
                rival.run();
            }
            return false;
        });
    }

    private static Wire failing(IntPredicate fails) {
        int[] sent = {0};
        return new Wire() {
            @Override
            public <T> Uni<T> send(Operation<T> operation) {
                return Uni.createFrom()
                        .deferred(() -> fails.test(sent[0]++)
                                ? Uni.createFrom().failure(new Unavailable("Planned"))
                                : Wire.direct().send(operation));
            }
        };
    }

    /** One whose sender dies with its request number {@code step}: before it is sent, or before it is answered. */
    private static Wire dying(int step, boolean lastRequestArrives, boolean[] dead) {
        int[] sent = {0};
        return new Wire() {
            @Override
            public <T> Uni<T> send(Operation<T> operation) {
                return Uni.createFrom().emitter(emitter -> {
                    if (dead[0]) {
                        return;
                    }
                    dead[0] = sent[0]++ == step;
                    if (!dead[0]) {
                        Wire.direct().send(operation).subscribe().with(emitter::complete, emitter::fail);
                    } else if (lastRequestArrives) {
                        Wire.direct().send(operation).subscribe().with(nobodyHears -> {}, nobodyHears -> {});
                    }
                });
            }
        };
    }

    // The shop

    private Reservation hold() {
        return hold(HOLD);
    }

    private Reservation hold(Duration holdTime) {
        return hold(holdTime, SHARD);
    }

    private Reservation hold(Duration holdTime, int shard) {
        GroupCommits.Answer answer = shop.commits
                .hold(Samples.request(sku, UNITS), new Listing(product(holdTime), listing.layout()), shard)
                .await()
                .indefinitely();
        return ((GroupCommits.Answer.There) answer).reservation();
    }

    private Instant extended(Reservation hold) {
        Outcome<Reservation> outcome = act(Rival.EXTEND, hold).await().indefinitely();
        return end(((Outcome.Done<Reservation>) outcome).value());
    }

    private void pass(Duration duration) {
        time.after(duration.toMillis() * 1_000, () -> {});
        time.runUntil(() -> false, duration);
    }

    private Reservation stored(Reservation hold) {
        return table.find(hold.user(), hold.id()).await().indefinitely().orElseThrow();
    }

    private Status status(Reservation hold) {
        return stored(hold).status();
    }

    private static Instant end(Reservation hold) {
        return Objects.requireNonNull(hold.expiresAt());
    }

    /** The movements in which a hold's units came back. */
    private List<Movement> ends(Reservation hold) {
        return all(Movement.class).stream()
                .filter(movement -> movement.lines().stream()
                        .anyMatch(it ->
                                it.kind() != Movement.Kind.HOLD && hold.key().equals(it.reservation())))
                .toList();
    }

    /** By the true clock. */
    private Duration lag(Reservation hold) {
        return Duration.between(end(hold), writtenAt.get(ends(hold).get(0).id()));
    }

    private <T> List<T> all(Class<T> kind) {
        return store.all()
                .map(Map.Entry::getValue)
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }

    private void assertNothingIsDue() {
        assertThat(all(Expiry.class))
                .filteredOn(it -> it.dueAt().isBefore(time.instant()))
                .isEmpty();
    }

    private void assertBooks() {
        long taken = all(Reservation.class).stream()
                .filter(it -> it.status() == Status.HELD || it.status() == Status.CONFIRMED)
                .count();
        long available = table.gather(sku, SHARDS).await().indefinitely().stream()
                .mapToLong(ShardLevel::available)
                .sum();
        long moved = all(Movement.class).stream()
                .flatMap(it -> it.changes().stream())
                .mapToLong(Movement.Change::units)
                .sum();
        assertThat(available).isEqualTo(STOCKED - UNITS * taken).isEqualTo(moved);
    }
}
