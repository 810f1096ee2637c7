package dev.flashstock.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flashstock.Samples;
import dev.flashstock.inventory.Attempt;
import dev.flashstock.inventory.Follower;
import dev.flashstock.inventory.InMemoryStream;
import dev.flashstock.inventory.InMemorySummaries;
import dev.flashstock.inventory.Lease;
import dev.flashstock.inventory.ShardChange;
import dev.flashstock.inventory.Summary;
import dev.flashstock.inventory.SummaryTable;
import dev.flashstock.inventory.Unavailable;
import dev.flashstock.stock.ShardLevel;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** Who follows the stream, on a virtual clock: one process, and another one when that has gone. */
class FollowerTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    private final VirtualTime time = new VirtualTime(new Random(1));
    private final InMemorySummaries table = new InMemorySummaries();
    private final InMemoryStream stream = new InMemoryStream(new Random(1), time, 1_000);
    private final Sku sku = Samples.newSku();

    @Test
    void theFirstLeadsAndTheOthersWatch() {
        // Given
        Process first = new Process("first");
        Process second = new Process("second");

        // When
        first.follower.start();
        pass(Duration.ofSeconds(1));
        second.follower.start();
        pass(LONG);

        // Then
        assertThat(first.log).containsExactly("leads 1");
        assertThat(second.log).isEmpty();
        assertThat(lease().owner()).isEqualTo("first");
    }

    @Test
    void whatChangesIsInTheSummaryASecondOrTwoLater() {
        // Given
        new Process("first").follower.start();
        pass(Duration.ofSeconds(30));

        // When
        change(5);

        // Then
        assertThat(passUntil(() -> units() == 5, Duration.ofSeconds(3))).isTrue();
    }

    @Test
    void aSummaryIsWrittenOnceASecondHoweverOftenItChanges() {
        // Given
        new Process("first").follower.start();
        pass(Duration.ofSeconds(5));
        long before = summary().revision();

        // When
        for (int i = 1; i <= 1_000; i++) {
            int units = i;
            time.after(i * 10_000L, () -> change(units));
        }
        pass(Duration.ofSeconds(12));

        // Then
        assertThat(units()).isEqualTo(1_000);
        assertThat(summary().revision() - before).isLessThanOrEqualTo(12);
    }

    @Test
    void whenItDiesAnotherOneGoesOnAndMissesNothing() {
        // Given
        Process first = new Process("first");
        Process second = new Process("second");
        first.follower.start();
        second.follower.start();
        change(5);
        pass(Duration.ofSeconds(10));

        // When
        first.alive = false;
        change(7);
        boolean wentOn = passUntil(() -> units() == 7, Duration.ofSeconds(15));

        // Then
        assertThat(wentOn).isTrue();
        assertThat(second.log).containsExactly("leads 2");
        assertThat(lease().generation()).as("nothing was missed").isEqualTo(1);
    }

    @Test
    void ofManyWhoWaitOneTakesOver() {
        // Given
        Process first = new Process("first");
        List<Process> others = new ArrayList<>();
        first.follower.start();
        pass(Duration.ofSeconds(1));
        for (int i = 0; i < 10; i++) {
            others.add(new Process("other-" + i));
        }
        others.forEach(it -> it.follower.start());
        pass(Duration.ofSeconds(10));

        // When
        first.alive = false;
        pass(LONG);

        // Then
        assertThat(others.stream().flatMap(it -> it.log.stream())).containsExactly("leads 2");
    }

    @Test
    void whoLeavesIsFollowedWithoutDelay() {
        // Given
        Process first = new Process("first");
        Process second = new Process("second");
        first.follower.start();
        second.follower.start();
        pass(Duration.ofSeconds(30));

        // When
        first.follower.stop().subscribe().with(stopped -> {});
        boolean followed = passUntil(() -> second.log.contains("leads 2"), Duration.ofSeconds(4));

        // Then
        assertThat(followed).isTrue();
        assertThat(first.log).containsExactly("leads 1", "led 1");
    }

    @Test
    void oneThatWasAsleepFindsThatItHasLostTheLeaseAndDoesNoHarm() {
        // Given
        Process first = new Process("first");
        Process second = new Process("second");
        first.follower.start();
        second.follower.start();
        change(5);
        pass(Duration.ofSeconds(10));

        // When
        first.asleep = true;
        change(7);
        pass(Duration.ofSeconds(30));
        first.wakeUp();
        change(9);
        pass(Duration.ofSeconds(10));

        // Then
        assertThat(units()).isEqualTo(9);
        assertThat(first.log).containsExactly("leads 1", "led 1");
        assertThat(second.log).containsExactly("leads 2");
    }

    @Test
    void whatFailsIsToldAndTriedAgain() {
        // Given
        Process first = new Process("first");
        first.follower.start();
        pass(Duration.ofSeconds(5));

        // When
        first.cutOff = true;
        change(5);
        pass(Duration.ofSeconds(5));
        first.cutOff = false;
        pass(Duration.ofSeconds(5));

        // Then
        assertThat(first.failures).isPositive();
        assertThat(units()).isEqualTo(5);
        assertThat(first.log).containsExactly("leads 1");
    }

    @Test
    void whoDoesNotHearThatItHasTheLeaseFindsItOut() {
        // Given
        Process first = new Process("first");
        first.answersLost = 1;

        // When
        first.follower.start();
        pass(Duration.ofSeconds(10));

        // Then
        assertThat(first.log).containsExactly("leads 1");
        assertThat(first.failures).isEqualTo(1);
    }

    @Test
    void aNewStreamIsANewGeneration() {
        // Given
        new Process("first").follower.start();
        pass(Duration.ofSeconds(10));

        // When
        stream.restart();
        change(3);
        pass(Duration.ofSeconds(30));

        // Then
        assertThat(lease().generation()).isGreaterThan(1);
        assertThat(units()).isEqualTo(3);
    }

    @Test
    void howFarBehindItIsIsKnownToWhoLeads() {
        // Given
        Process first = new Process("first");
        Process second = new Process("second");
        first.follower.start();
        second.follower.start();

        // When
        pass(Duration.ofSeconds(30));

        // Then
        assertThat(first.follower.behind())
                .hasValueSatisfying(it -> assertThat(it).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(6)));
        assertThat(second.follower.behind()).isEmpty();
    }

    private long version;

    private void change(int units) {
        stream.add(new ShardChange(sku, 0, new ShardLevel(0, units, ++version)));
    }

    private Summary summary() {
        return Objects.requireNonNull(
                table.find(Set.of(sku)).await().indefinitely().get(sku));
    }

    private long units() {
        return summary().levels().getOrDefault(0, new ShardLevel(0, -1, 0)).available();
    }

    private Lease lease() {
        return table.lease().await().indefinitely().orElseThrow();
    }

    private void pass(Duration duration) {
        time.runUntil(() -> false, duration);
    }

    private boolean passUntil(BooleanSupplier enough, Duration longest) {
        return time.runUntil(enough, longest);
    }

    /** A process, whose calls take some milliseconds. */
    private final class Process implements Follower.Listener {
        private final List<String> log = new ArrayList<>();
        private final List<Runnable> afterwards = new ArrayList<>();
        private final Follower follower;
        private boolean alive = true;
        private boolean asleep;
        private boolean cutOff;
        private int answersLost;
        private int failures;

        Process(String name) {
            follower = new Follower(new FarTable(), stream, name, time, () -> time.micros() * 1_000, this::pause, this);
        }

        private Uni<Void> pause(Duration duration) {
            return Uni.createFrom()
                    .emitter(
                            emitter -> time.after(duration.toNanos() / 1_000, () -> run(() -> emitter.complete(null))));
        }

        private void run(Runnable next) {
            if (asleep) {
                afterwards.add(next);
            } else if (alive) {
                next.run();
            }
        }

        void wakeUp() {
            asleep = false;
            List.copyOf(afterwards).forEach(Runnable::run);
        }

        @Override
        public void leads(long term) {
            log.add("leads " + term);
        }

        @Override
        public void led(long term) {
            log.add("led " + term);
        }

        @Override
        public void read(int records) {}

        @Override
        public void missed(long generation) {}

        @Override
        public void failed(Throwable failure) {
            failures++;
        }

        /** The table, from this process. */
        private final class FarTable implements SummaryTable {
            @Override
            public Uni<Map<Sku, Summary>> find(Collection<Sku> skus) {
                return far(table.find(skus));
            }

            @Override
            public Uni<Attempt> save(Summary summary) {
                return far(table.save(summary));
            }

            @Override
            public Uni<Optional<Lease>> lease() {
                return far(table.lease());
            }

            @Override
            public Uni<Attempt> take(Optional<Lease> before, Lease next) {
                Uni<Attempt> taken = far(table.take(before, next));
                return Uni.createFrom()
                        .deferred(() -> answersLost-- > 0
                                ? taken.chain(lost -> Uni.createFrom().failure(new Unavailable("Rehearsed")))
                                : taken);
            }

            @Override
            public Uni<Attempt> keep(String owner, Lease lease) {
                return far(table.keep(owner, lease));
            }

            private <T> Uni<T> far(Uni<T> call) {
                Uni<T> there = cutOff ? Uni.createFrom().failure(new Unavailable("Rehearsed")) : call;
                return pause(Duration.ofMillis(5)).chain(() -> there).call(() -> pause(Duration.ofMillis(5)));
            }
        }
    }
}
