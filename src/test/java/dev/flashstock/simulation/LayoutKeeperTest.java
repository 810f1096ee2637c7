package dev.flashstock.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.flashstock.Samples;
import dev.flashstock.inventory.GroupCommits;
import dev.flashstock.inventory.LayoutKeeper;
import dev.flashstock.inventory.Layouts;
import dev.flashstock.inventory.Listing;
import dev.flashstock.inventory.Neighbours;
import dev.flashstock.inventory.Pauses;
import dev.flashstock.inventory.Pods;
import dev.flashstock.inventory.Retries;
import dev.flashstock.sharding.Layout;
import dev.flashstock.sharding.Ownership;
import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Portion;
import dev.flashstock.stock.Refusal;
import dev.flashstock.stock.ShardLevel;
import dev.flashstock.stock.Sku;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When layouts change, and who changes them, on virtual time. */
class LayoutKeeperTest {
    private static final Sku SKU = new Sku("console");
    private static final Duration SETTLE = Duration.ofSeconds(4);
    private static final Duration COOL_DOWN = Duration.ofMinutes(30);
    private static final Set<String> PODS = Set.of("a", "b");

    private final SplittableRandom random = new SplittableRandom(1);
    private final VirtualTime time = new VirtualTime(random);
    private final ItemStore store = new ItemStore(time, changes -> {});
    private final Set<Sku> hot = new HashSet<>();
    private final Set<String> dead = new HashSet<>();
    private final List<String> news = new ArrayList<>();
    private final InMemoryTable table = new InMemoryTable(store, Wire.direct());
    private final String leader = Ownership.of(SKU, 2, PODS).firstOwner(0);
    private final String other = leader.equals("a") ? "b" : "a";

    @BeforeEach
    void stock() {
        table.create(new Listing(Samples.product(SKU), Layout.of(2))).await().indefinitely();
        table.adjust(Samples.adjustment(SKU, 1_000), List.of(new Portion(0, 600), new Portion(1, 400)))
                .await()
                .indefinitely();
    }

    @Test
    void aHotSkuGetsTwiceAsManyShardsUntilItIsNotHot() {
        // Given
        start(leader, true);
        start(other, true);
        hot.add(SKU);

        // When
        pass(Duration.ofSeconds(12));
        int meanwhile = layout().writeShards();
        pass(Duration.ofSeconds(14));
        hot.clear();
        pass(Duration.ofSeconds(60));

        // Then
        assertThat(List.of(meanwhile, layout().writeShards())).containsExactly(4, 8);
        assertThat(news).containsExactly("HOT 2 -> 4", "HOT 4 -> 8");
        assertThat(units()).hasSize(8).allSatisfy(it -> assertThat(it).isBetween(100L, 150L));
    }

    @Test
    void itGrowsToNoMoreThanItMay() {
        // Given
        start(leader, true);
        hot.add(SKU);

        // When
        pass(Duration.ofMinutes(5));

        // Then
        assertThat(layout()).isEqualTo(new Layout(11, 11, layout().version(), 11, 2, 0));
    }

    @Test
    void nothingIsAdaptedWhereThatIsOff() {
        // Given
        start(leader, false);
        hot.add(SKU);

        // When
        pass(Duration.ofMinutes(5));

        // Then
        assertThat(layout()).isEqualTo(new Layout(2, 2, 2));
    }

    @Test
    void longAfterItHasCooledDownItShrinksToWhatWasChosen() {
        // Given
        start(leader, true);
        hot.add(SKU);
        pass(Duration.ofMinutes(5));
        hot.clear();

        // When
        pass(COOL_DOWN.minusSeconds(30));
        int before = layout().writeShards();
        pass(Duration.ofMinutes(1));
        int after = layout().writeShards();
        pass(COOL_DOWN.multipliedBy(4));

        // Then
        assertThat(List.of(before, after)).containsExactly(11, 5);
        assertThat(layout().writeShards()).isEqualTo(2);
        assertThat(layout().isSteady()).isTrue();
        assertThat(units()).hasSize(2);
        assertThat(units().stream().mapToLong(it -> it).sum()).isEqualTo(1_000);
        assertThat(news).endsWith("COOL 11 -> 5", "COOL 5 -> 2");
    }

    @Test
    void whatSomebodyChoosesIsNotShrunk() {
        // Given
        LayoutKeeper keeper = start(leader, true);

        // When
        keeper.choose(SKU, 9).await().indefinitely();
        pass(COOL_DOWN.multipliedBy(3));

        // Then
        assertThat(layout()).isEqualTo(new Layout(9, 9, layout().version()));
        assertThat(news).containsExactly("CHOSEN 2 -> 9");
    }

    @ParameterizedTest
    @CsvSource({"9, 2", "9, 5", "1, 4"})
    void whoDiesInTheMiddleIsFollowedByWhoLeads(int chosen, int seconds) {
        // Given
        LayoutKeeper dying = start(other, true);
        start(leader, true);
        dying.choose(SKU, chosen).await().indefinitely();
        pass(Duration.ofSeconds(seconds));

        // When
        dead.add(other);
        pass(Duration.ofMinutes(1));

        // Then
        assertThat(layout().isSteady()).isTrue();
        assertThat(layout().writeShards()).isEqualTo(chosen);
        assertThat(units()).hasSize(chosen);
    }

    @Test
    void whoDoesNotLeadLeavesHotSkusToTheOther() {
        // Given
        start(other, true);
        hot.add(SKU);

        // When
        pass(Duration.ofMinutes(5));

        // Then
        assertThat(layout()).isEqualTo(new Layout(2, 2, 2));
    }

    @Test
    void anUnknownSkuHasNoLayout() {
        // Given
        LayoutKeeper keeper = start(leader, true);
        Sku unknown = new Sku("unknown");

        // When
        Outcome<Layout> outcome = keeper.choose(unknown, 3).await().indefinitely();

        // Then
        assertThat(outcome).isEqualTo(Outcome.refused(new Refusal.UnknownSku(unknown)));
    }

    @Test
    void writersWaitUntilEverybodyReadsTheNewShards() {
        // Given
        LayoutKeeper keeper = start(leader, true);

        // When
        keeper.choose(SKU, 4).await().indefinitely();
        pass(SETTLE.minusMillis(1));

        // Then
        assertThat(layout()).isEqualTo(new Layout(2, 4, layout().version(), 4, 4, 0));
        assertThat(table.gather(SKU, 4).await().indefinitely())
                .extracting(ShardLevel::available)
                .containsExactly(600L, 400L, 0L, 0L);
    }

    @ParameterizedTest
    @CsvSource({"0, PT30M", "257, PT30M", "10, PT59S", "10, P8D"})
    void settingsAreBounded(int mostShards, Duration coolDown) {
        assertThatIllegalArgumentException().isThrownBy(() -> new LayoutKeeper.Setting(true, mostShards, coolDown));
    }

    private LayoutKeeper start(String name, boolean automatic) {
        Pauses pauses = duration -> time.pause(duration, () -> !dead.contains(name));
        Retries retries = new Retries(random::nextInt, pauses);
        Neighbours neighbours = new Neighbours(new Pods() {
            @Override
            public String self() {
                return name;
            }

            @Override
            public Set<String> living() {
                return PODS;
            }
        });
        int[] tokens = {0};
        GroupCommits commits =
                new GroupCommits(table, () -> name + "-" + tokens[0]++, time, neighbours, pauses, random::nextInt);
        LayoutKeeper keeper = new LayoutKeeper(
                new Layouts(table, sku -> {}, table, table, commits, retries, pauses, SETTLE),
                () -> List.of(new Listing(Samples.product(SKU), layout())),
                () -> hot,
                neighbours,
                new LayoutKeeper.Setting(automatic, 11, COOL_DOWN),
                time,
                pauses,
                new LayoutKeeper.Listener() {
                    @Override
                    public void wanted(Sku sku, Layout layout, LayoutKeeper.Why why) {
                        news.add(why + " " + layout.writeShards() + " -> " + layout.wantedShards());
                    }

                    @Override
                    public void failed(Sku sku, Throwable failure) {
                        news.add("failed: " + failure);
                    }
                });
        keeper.start();
        return keeper;
    }

    private void pass(Duration duration) {
        time.runUntil(() -> false, duration);
    }

    private Layout layout() {
        return (Layout) Objects.requireNonNull(store.read(new Key.Layout(SKU)));
    }

    private List<Long> units() {
        return table.gather(SKU, layout().readShards()).await().indefinitely().stream()
                .map(ShardLevel::available)
                .toList();
    }
}
