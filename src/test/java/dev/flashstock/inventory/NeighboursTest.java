package dev.flashstock.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flashstock.sharding.Layout;
import dev.flashstock.sharding.Ownership;
import dev.flashstock.stock.Sku;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NeighboursTest {
    private static final Sku SKU = new Sku("console");
    private static final Layout TEN = Layout.of(10);

    private final Living pods = new Living("me");
    private final Neighbours neighbours = new Neighbours(pods);

    private static final class Living implements Pods {
        private final String self;
        private Set<String> living = Set.of("me");

        Living(String self) {
            this.self = self;
        }

        @Override
        public String self() {
            return self;
        }

        @Override
        public Set<String> living() {
            return living;
        }
    }

    @Test
    void aloneAPodOwnsEverything() {
        // When
        List<Integer> own = neighbours.own(SKU, TEN);

        // Then
        assertThat(own).hasSize(10);
        assertThat(IntStream.range(0, 10).map(shard -> neighbours.writers(SKU, TEN, shard)))
                .containsOnly(1);
    }

    @Test
    void whenPodsComeAndGoShardsAreSharedOutAnew() {
        // Given
        neighbours.own(SKU, TEN);
        pods.living = Set.of("me", "another");
        List<Integer> shared = neighbours.own(SKU, TEN);

        // When
        pods.living = Set.of("me");
        List<Integer> own = neighbours.own(SKU, TEN);

        // Then
        assertThat(shared)
                .hasSize(5)
                .isEqualTo(Ownership.of(SKU, 10, List.of("me", "another")).shardsOf("me"));
        assertThat(own).hasSize(10);
    }

    @Test
    void whenTheLayoutGrowsTheNewShardsAreSharedOutToo() {
        // Given
        pods.living = Set.of("me", "another");
        neighbours.own(SKU, TEN);

        // When
        List<Integer> own = neighbours.own(SKU, new Layout(20, 24, 2));

        // Then
        assertThat(own).hasSize(10).allMatch(shard -> shard < 20);
    }

    @Test
    void withMorePodsThanShardsAShardHasSeveralOwners() {
        // Given
        pods.living = Set.of("me", "b", "c", "d", "e", "f");

        // When
        List<Integer> own = neighbours.own(SKU, Layout.of(2));

        // Then
        assertThat(own).hasSize(1);
        assertThat(neighbours.writers(SKU, Layout.of(2), own.get(0))).isEqualTo(3);
    }

    @Test
    void onePodLeadsEachShard() {
        // Given
        pods.living = Set.of("me", "b", "c", "d", "e", "f");
        List<Neighbours> all = pods.living.stream()
                .map(it -> {
                    Living view = new Living(it);
                    view.living = pods.living;
                    return new Neighbours(view);
                })
                .toList();

        // When
        List<Long> leaders = IntStream.range(0, 2)
                .mapToObj(shard -> all.stream()
                        .filter(it -> it.leads(SKU, Layout.of(2), shard))
                        .count())
                .toList();

        // Then
        assertThat(leaders).containsExactly(1L, 1L);
    }

    @Test
    void aShardThatTakesNoWritesIsNobodysAndCountsAsOne() {
        // Given
        pods.living = Set.of("me", "b", "c", "d");

        // When
        int writers = neighbours.writers(SKU, new Layout(2, 4, 1), 3);

        // Then
        assertThat(writers).isEqualTo(1);
    }

    @Test
    void aPodThatIsNotCountedAmongTheLivingOwnsNothing() {
        // Given
        pods.living = Set.of("b", "c");

        // When
        List<Integer> own = neighbours.own(SKU, TEN);

        // Then
        assertThat(own).isEmpty();
    }

    @Test
    void asLongAsNothingChangesTheAnswerIsRemembered() {
        // Given
        pods.living = Set.of("me", "another");
        List<Integer> first = neighbours.own(SKU, TEN);

        // When
        pods.living = new HashSet<>(pods.living);
        List<Integer> second = neighbours.own(SKU, new Layout(10, 12, 5));

        // Then
        assertThat(second).isSameAs(first);
    }

    @Test
    void aShardOfAnotherPodHasThisOneAsWell() {
        // Given
        pods.living = Set.of("me", "another");
        List<Integer> own = neighbours.own(SKU, TEN);
        int anothers = IntStream.range(0, 10)
                .filter(it -> !own.contains(it))
                .findFirst()
                .orElseThrow();

        // When
        int writers = neighbours.writers(SKU, TEN, anothers);

        // Then
        assertThat(writers).isEqualTo(2);
    }

    @Test
    void podsThatWriteToAnyShardAllMeet() {
        // Given
        pods.living = Set.of("me", "b", "c");

        // When
        int writers = new Neighbours(pods, false).writers(SKU, TEN, 0);

        // Then
        assertThat(writers).isEqualTo(3);
    }
}
