package dev.flashstock.heat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.flashstock.heat.Diagnosis.Status;
import dev.flashstock.heat.Subject.Kind;
import dev.flashstock.heat.Throttle.Access;
import dev.flashstock.heat.Throttle.Limit;
import dev.flashstock.heat.Verdict.Cause;
import dev.flashstock.stock.Sku;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DiagnosisTest {
    private static final Sku SKU = new Sku("console");
    private static final Throttle TOO_HOT = new Throttle(Limit.KEY_RANGE, Access.WRITE, "flashstock", null);

    private static Subject shard(Key key) {
        return new Subject(Kind.STOCK_SHARD, SKU, key.value().charAt(0) - 'a');
    }

    /** Reads that are not consistent, of keys a, b, c... */
    private static Snapshot reads(double... requests) {
        Map<Key, Load> keys = IntStream.range(0, requests.length)
                .boxed()
                .collect(Collectors.toMap(
                        i -> Key.ofTable(String.valueOf((char) ('a' + i))),
                        i -> new Load(requests[i], requests[i] / 2, 0, 0, Map.of())));
        double total = Arrays.stream(requests).sum();
        return new Snapshot(new Load(total, total / 2, 0, 0, Map.of()), keys);
    }

    private static Snapshot writes(double units, Map<Throttle, Double> throttles) {
        Load load = new Load(units + 50, 0, units, 0, throttles);
        Map<Key, Load> keys = new HashMap<>(reads(new double[20]).keys());
        keys.put(Key.ofTable("d"), load);
        return new Snapshot(load.plus(new Load(5_000, 2_500, 0, 0, Map.of())), keys);
    }

    private static Diagnosis diagnosis(Snapshot snapshot) {
        return Diagnosis.of(snapshot, 1, DiagnosisTest::shard, PartitionLimits.OF_DYNAMODB);
    }

    @Test
    void aKeyThatMostRequestsAreForIsNamed() {
        // When
        Diagnosis diagnosis = diagnosis(reads(900, 50, 30, 20));

        // Then
        assertThat(diagnosis.status()).isEqualTo(Status.HOT);
        assertThat(diagnosis.hot()).singleElement().satisfies(it -> {
            assertThat(it.key()).isEqualTo(Key.ofTable("a"));
            assertThat(it.cause()).isEqualTo(Cause.LARGE_SHARE);
            assertThat(it.share().seen()).isCloseTo(0.9, within(1e-9));
            assertThat(it.share().least()).isBetween(0.85, 0.9);
            assertThat(it.verdict())
                    .isEqualTo("Shard 0 of the stock of console takes 90 % of all requests, 900 a second. Its partition"
                            + " bears that still.");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "99, 1, false", // too few
        "110, 90, false", // 55 %, perhaps by chance
        "1100, 900, true", // 55 %, surely
        "500, 500, false"
    })
    void aLargeShareMustBeSureAndOfMany(double one, double rest, boolean hot) {
        assertThat(diagnosis(reads(one, rest)).hot()).hasSize(hot ? 1 : 0);
    }

    /** Whatever the part of the window's second in which it begins, and however even the load was before. */
    @ParameterizedTest
    @ValueSource(ints = {0, 100, 200, 300, 400, 500, 600, 700, 800, 900})
    void aSkewIsNamedWithinASecondOfItsBeginning(int begin) {
        // Given
        AtomicLong millis = new AtomicLong();
        Heat heat = new Heat(() -> TimeUnit.MILLISECONDS.toNanos(millis.get()));
        ClusterHeat cluster =
                new ClusterHeat(() -> List.of(heat.now()), DiagnosisTest::shard, PartitionLimits.OF_DYNAMODB);
        while (millis.getAndIncrement() < 3_000 + begin) {
            heat.asked(Key.ofTable("even " + millis.get() % 50));
        }
        List<Verdict> before = cluster.diagnosis().hot();

        // When
        for (int i = 0; i < 1_000; i++) {
            heat.asked(Key.ofTable(i % 10 == 0 ? "even " + i % 50 : "a"));
            millis.getAndIncrement();
        }

        // Then
        assertThat(before).isEmpty();
        assertThat(cluster.diagnosis().hot()).extracting(Verdict::key).containsExactly(Key.ofTable("a"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100, 200, 300, 400, 500, 600, 700, 800, 900})
    void aKeyBeyondItsPartitionsLimitIsNamedWithinASecondOfItsBeginning(int begin) {
        // Given
        AtomicLong millis = new AtomicLong();
        Heat heat = new Heat(() -> TimeUnit.MILLISECONDS.toNanos(millis.get()));
        ClusterHeat cluster =
                new ClusterHeat(() -> List.of(heat.now()), DiagnosisTest::shard, PartitionLimits.OF_DYNAMODB);
        millis.set(3_000 + begin);

        // When
        for (int i = 0; i < 1_000; i++) {
            heat.drew(Key.ofTable("a"), Access.WRITE, i % 5 == 0 ? 4 : 2); // 6 units in 5 ms
            heat.drew(Key.ofTable("even " + i % 50), Access.WRITE, 40);
            millis.getAndIncrement();
        }

        // Then
        assertThat(cluster.diagnosis().hot()).extracting(Verdict::key).containsExactly(Key.ofTable("a"));
    }

    @Test
    void anEvenLoadIsHealthy() {
        // Given
        double[] even = new double[100];
        Arrays.fill(even, 70);

        // When
        Diagnosis diagnosis = diagnosis(reads(even));

        // Then
        assertThat(diagnosis.status()).isEqualTo(Status.HEALTHY);
        assertThat(diagnosis.hot()).isEmpty();
        assertThat(diagnosis.summary()).startsWith("Nothing stands out");
    }

    @Test
    void aSmallShareAtThePartitionsLimitIsNamed() {
        // When
        Diagnosis diagnosis = diagnosis(writes(810, Map.of()));

        // Then
        assertThat(diagnosis.hot()).singleElement().satisfies(it -> {
            assertThat(it.key()).isEqualTo(Key.ofTable("d"));
            assertThat(it.cause()).isEqualTo(Cause.NEAR_LIMIT);
            assertThat(it.share().seen()).isLessThan(0.2);
            assertThat(it.ofLimit()).isCloseTo(0.81, within(1e-9));
            assertThat(it.verdict())
                    .isEqualTo(
                            "Shard 3 of the stock of console draws 810 write units a second, 81 % of what a partition"
                                    + " bears.");
            assertThat(it.remedy()).contains("PUT /products/console/layout").contains("on-demand, does not help");
        });
    }

    @Test
    void whatItsPartitionRefusesIsNamedHoweverLittleItDraws() {
        // When
        Diagnosis diagnosis = diagnosis(writes(3, Map.of(TOO_HOT, 0.2)));

        // Then
        assertThat(diagnosis.status()).isEqualTo(Status.THROTTLED);
        assertThat(diagnosis.summary()).contains("Shard 3").contains("refused 0.2 times a second");
        assertThat(diagnosis.hot()).extracting(Verdict::cause).containsExactly(Cause.THROTTLED);
    }

    @Test
    void whatTheTableRefusesIsNoKeysFault() {
        // Given
        Throttle ofTable = new Throttle(Limit.PROVISIONED, Access.WRITE, "flashstock", null);

        // When
        Diagnosis diagnosis = diagnosis(writes(3, Map.of(ofTable, 9.0)));

        // Then
        assertThat(diagnosis.status()).isEqualTo(Status.THROTTLED);
        assertThat(diagnosis.hot()).isEmpty();
        assertThat(diagnosis.summary())
                .isEqualTo("The write units that were provisioned for the table flashstock are used up.");
    }

    @Test
    void whatBatchesLeaveOutIsRefusedForAReasonThatNobodyKnows() {
        // When
        Diagnosis diagnosis = diagnosis(new Snapshot(new Load(100, 50, 0, 3, Map.of()), Map.of()));

        // Then
        assertThat(diagnosis.status()).isEqualTo(Status.THROTTLED);
        assertThat(diagnosis.summary()).startsWith("Batches are not read in full");
    }

    @Test
    void theWorstComesFirst() {
        // Given
        Snapshot near = reads(0, 5_000, 4_900);
        Snapshot refused = writes(3, Map.of(TOO_HOT, 0.2));

        // When
        Diagnosis diagnosis = diagnosis(near.plus(refused));

        // Then
        assertThat(diagnosis.hot()).extracting(it -> it.key().value()).containsExactly("d", "b", "c");
    }

    @Test
    void manyHotKeysAreToldUpToABound() {
        // Given
        double[] hot = new double[200];
        Arrays.fill(hot, 6_000);

        // When
        Diagnosis diagnosis = diagnosis(reads(hot));

        // Then
        assertThat(diagnosis.hot()).hasSize(Diagnosis.KEYS);
    }

    @Test
    void whereNobodyCountsNothingIsCalledHealthy() {
        // When
        Diagnosis diagnosis = new ClusterHeat(List::of, DiagnosisTest::shard, PartitionLimits.OF_DYNAMODB).diagnosis();

        // Then
        assertThat(diagnosis.status()).isEqualTo(Status.UNKNOWN);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void eachKindOfItemHasItsRemedies(Kind kind) {
        // Given
        Subject subject = new Subject(kind, SKU, 3);

        // Then
        assertThat(subject.name()).isNotBlank().doesNotContain("%");
        assertThat(subject.remedy(Access.READ))
                .endsWith(".")
                .doesNotContain("%")
                .isNotEqualTo(subject.remedy(Access.WRITE));
        assertThat(subject.remedy(Access.WRITE)).endsWith(".").doesNotContain("%");
    }

    @Test
    void aShareOfFewIsUncertain() {
        assertThat(Share.of(9, 10).least()).isLessThan(0.6);
        assertThat(Share.of(900, 1_000).least()).isGreaterThan(0.87);
        assertThat(Share.of(0, 0)).isEqualTo(new Share(0, 0));
    }
}
