package dev.flashstock.sharding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.flashstock.stock.Sku;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnershipTest {
    private static final int CASES = 1_000;
    private static final Sku SKU = new Sku("console");

    /** One random situation, which names itself by the seed that makes it again. */
    private record Case(long seed, Sku sku, int writeShards, List<String> pods) {
        static Case of(long seed) {
            Random random = new Random(seed);
            int writeShards = 1 + random.nextInt(random.nextBoolean() ? 12 : Layout.MAX_SHARDS);
            int count = 1 + random.nextInt(random.nextBoolean() ? 12 : 120);
            return new Case(seed, new Sku("sku-" + seed), writeShards, OwnershipTest.pods(random, count));
        }

        Ownership ownership() {
            return Ownership.of(sku, writeShards, pods);
        }

        /** How many shards each pod has. */
        List<Integer> shardsOfPods() {
            Ownership ownership = ownership();
            return pods.stream().map(pod -> ownership.shardsOf(pod).size()).toList();
        }

        /** How many pods each shard has. */
        List<Integer> ownersOfShards() {
            Ownership ownership = ownership();
            return IntStream.range(0, writeShards)
                    .map(ownership::owners)
                    .boxed()
                    .toList();
        }
    }

    private static List<Case> cases() {
        long first = new Random().nextLong();
        return LongStream.range(first, first + CASES).mapToObj(Case::of).toList();
    }

    @Test
    void withEnoughShardsEachHasOneOwnerAndPodsHaveEquallyManyButForOne() {
        for (Case it : cases()) {
            if (it.writeShards() >= it.pods().size()) {
                // Given
                int fair = it.writeShards() / it.pods().size();

                // When
                List<Integer> loads = it.shardsOfPods();

                // Then
                assertThat(it.ownersOfShards()).as("%s", it).containsOnly(1);
                assertThat(loads).as("%s", it).allMatch(load -> load == fair || load == fair + 1);
                assertThat(sum(loads)).as("%s", it).isEqualTo(it.writeShards());
            }
        }
    }

    @Test
    void withMorePodsThanShardsEachHasOneAndShardsHaveEquallyManyOwnersButForOne() {
        for (Case it : cases()) {
            if (it.writeShards() < it.pods().size()) {
                // Given
                int fair = it.pods().size() / it.writeShards();

                // When
                List<Integer> owners = it.ownersOfShards();

                // Then
                assertThat(it.shardsOfPods()).as("%s", it).containsOnly(1);
                assertThat(owners).as("%s", it).allMatch(count -> count == fair || count == fair + 1);
                assertThat(sum(owners)).as("%s", it).isEqualTo(it.pods().size());
            }
        }
    }

    @Test
    void whoOwnsAShardIsCountedAmongItsOwners() {
        for (Case it : cases()) {
            // Given
            Ownership ownership = it.ownership();

            // When
            List<Integer> owned = it.pods().stream()
                    .flatMap(pod -> ownership.shardsOf(pod).stream())
                    .toList();

            // Then
            List<Integer> counted = IntStream.range(0, it.writeShards())
                    .map(shard -> Collections.frequency(owned, shard))
                    .boxed()
                    .toList();
            assertThat(counted).as("%s", it).isEqualTo(it.ownersOfShards());
        }
    }

    @Test
    void aPodsShardsAreInAscendingOrder() {
        for (Case it : cases()) {
            // When
            Ownership ownership = it.ownership();

            // Then
            assertThat(it.pods())
                    .as("%s", it)
                    .allSatisfy(pod -> assertThat(ownership.shardsOf(pod))
                            .isSorted()
                            .doesNotHaveDuplicates()
                            .allMatch(shard -> shard >= 0 && shard < it.writeShards()));
        }
    }

    @Test
    void podsThatKnowTheSamePodsAgreeInWhateverOrderTheyKnowThem() {
        for (Case it : cases()) {
            // Given
            List<String> shuffled = new ArrayList<>(it.pods());
            Collections.shuffle(shuffled, new Random(it.seed()));
            shuffled.add(shuffled.get(0));

            // When
            Ownership other = Ownership.of(it.sku(), it.writeShards(), shuffled);

            // Then
            assertThat(owned(other, it.pods())).as("%s", it).isEqualTo(owned(it.ownership(), it.pods()));
        }
    }

    /** Worked out by a second implementation, in another language. */
    @Test
    void itIsTheSameInEveryProcessAndEveryVersion() {
        // When
        Ownership few = Ownership.of(SKU, 10, List.of("a", "b", "c"));
        Ownership many = Ownership.of(SKU, 2, List.of("a", "b", "c", "d", "e"));

        // Then
        assertThat(owned(few, List.of("a", "b", "c"))).hasToString("{a=[0, 2, 8], b=[3, 4, 6, 9], c=[1, 5, 7]}");
        assertThat(owned(many, List.of("a", "b", "c", "d", "e"))).hasToString("{a=[0], b=[0], c=[1], d=[1], e=[1]}");
    }

    @Test
    void ofTheOwnersOfAShardOneIsTheFirst() {
        // Given
        List<String> pods = List.of("a", "b", "c", "d", "e");

        // When
        Ownership few = Ownership.of(SKU, 10, pods);
        Ownership many = Ownership.of(SKU, 2, pods);

        // Then
        assertThat(IntStream.range(0, 10))
                .allMatch(shard -> few.shardsOf(few.firstOwner(shard)).contains(shard));
        assertThat(IntStream.range(0, 2))
                .allMatch(shard -> many.shardsOf(many.firstOwner(shard)).contains(shard));
    }

    @Test
    void onePodHasEverything() {
        // When
        Ownership ownership = Ownership.of(SKU, 10, List.of("me"));

        // Then
        assertThat(ownership.shardsOf("me"))
                .containsExactlyElementsOf(IntStream.range(0, 10).boxed().toList());
    }

    @Test
    void aPodThatIsNotAmongThemHasNothing() {
        // When
        Ownership ownership = Ownership.of(SKU, 10, List.of("me"));

        // Then
        assertThat(ownership.shardsOf("somebody else")).isEmpty();
    }

    @Test
    void aShardThatTakesNoWritesHasNoOwner() {
        // When
        Ownership ownership = Ownership.of(SKU, 10, List.of("me"));

        // Then
        assertThat(List.of(-1, 10, Integer.MAX_VALUE)).allMatch(shard -> ownership.owners(shard) == 0);
    }

    @Test
    void podsShareOutOneSkuOtherwiseThanAnother() {
        // Given
        List<String> pods = pods(new Random(1), 5);

        // When
        Set<Map<String, List<Integer>>> different = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            different.add(owned(Ownership.of(new Sku("sku-" + i), 10, pods), pods));
        }

        // Then
        assertThat(different).hasSizeGreaterThan(95);
    }

    @Test
    void overManySkusPodsAndShardsMeetEquallyOften() {
        // Given
        int skus = 10_000;
        List<String> pods = List.of("pod-1", "pod-2", "pod-3", "pod-4", "pod-5");
        Map<String, Integer> meetings = new TreeMap<>();

        // When
        for (int i = 0; i < skus; i++) {
            owned(Ownership.of(new Sku("sku-" + i), 10, pods), pods)
                    .forEach((pod, shards) ->
                            shards.forEach(shard -> meetings.merge(pod + " and shard " + shard, 1, Integer::sum)));
        }

        // Then
        double fair = skus / 5.0;
        double tolerance = 6 * Math.sqrt(fair);
        assertThat(meetings).hasSize(50);
        assertThat(meetings.values())
                .allSatisfy(count -> assertThat((double) count).isBetween(fair - tolerance, fair + tolerance));
    }

    /**
     * The least that can change hands when a pod comes is what it gets; bounded loads have some more follow. The same
     * when it goes, which is the same seen from behind.
     */
    @ParameterizedTest
    @CsvSource({"10,1", "10,2", "10,5", "10,9", "10,10", "10,40", "64,7", "256,1", "256,20", "256,99"})
    void whenAPodComesFewShardsChangeHands(int writeShards, int podsBefore) {
        // Given
        int skus = 50;
        Random random = new Random(7);
        long moved = 0;
        long all = 0;

        // When
        for (int i = 0; i < skus; i++) {
            List<String> after = pods(random, podsBefore + 1);
            List<String> before = after.subList(0, podsBefore);
            Ownership is = Ownership.of(new Sku("sku-" + i), writeShards, after);
            Ownership was = Ownership.of(new Sku("sku-" + i), writeShards, before);
            for (String pod : before) {
                List<Integer> lost = new ArrayList<>(was.shardsOf(pod));
                all += lost.size();
                lost.removeAll(is.shardsOf(pod));
                moved += lost.size();
            }
        }

        // Then
        double least = 1.0 / (podsBefore + 1);
        assertThat((double) moved / all).isLessThan(2.5 * least);
    }

    @ParameterizedTest
    @CsvSource({"0,1", "-1,1", "257,1", "1,0", "1,1001"})
    void countsOutOfBoundsAreRefused(int writeShards, int count) {
        // Given
        List<String> pods = pods(new Random(1), count);

        // When, Then
        assertThatIllegalArgumentException().isThrownBy(() -> Ownership.of(SKU, writeShards, pods));
    }

    @Test
    void theMostShardsAreSharedOutAmongTheMostPods() {
        // Given
        List<String> pods = pods(new Random(1), Ownership.MAX_PODS);

        // When
        Ownership ownership = Ownership.of(SKU, Layout.MAX_SHARDS, pods);

        // Then
        assertThat(pods).allSatisfy(pod -> assertThat(ownership.shardsOf(pod)).hasSize(1));
        assertThat(IntStream.range(0, Layout.MAX_SHARDS).map(ownership::owners).boxed())
                .containsOnly(3, 4);
    }

    private static List<String> pods(Random random, int count) {
        // Like names as well as random ones.
        boolean numbered = random.nextBoolean();
        return IntStream.range(0, count)
                .mapToObj(i -> numbered ? "pod-" + i : Long.toHexString(random.nextLong()) + "-" + i)
                .toList();
    }

    private static Map<String, List<Integer>> owned(Ownership ownership, List<String> pods) {
        Map<String, List<Integer>> owned = new TreeMap<>();
        pods.forEach(pod -> owned.put(pod, ownership.shardsOf(pod)));
        return owned;
    }

    private static int sum(List<Integer> counts) {
        return counts.stream().mapToInt(Integer::intValue).sum();
    }
}
