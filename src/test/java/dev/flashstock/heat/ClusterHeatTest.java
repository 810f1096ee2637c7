package dev.flashstock.heat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flashstock.heat.Subject.Kind;
import dev.flashstock.heat.Throttle.Access;
import dev.flashstock.heat.Throttle.Limit;
import dev.flashstock.stock.Sku;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterHeatTest {
    private static final Sku SKU = new Sku("console");
    private static final Key SHARD = Key.ofTable("a shard");
    private static final Key USER = Key.ofTable("a user");

    private static Subject subject(Key key) {
        return key.equals(SHARD) ? new Subject(Kind.STOCK_SHARD, SKU, 3) : Subject.of(Kind.USER);
    }

    private static ClusterHeat heat(PartitionLimits limits, Snapshot... processes) {
        return new ClusterHeat(() -> List.of(processes), ClusterHeatTest::subject, limits);
    }

    private static Snapshot of(Key key, double reads, double writes) {
        Load load = new Load(reads + writes, reads, writes, 0, Map.of());
        return new Snapshot(load, Map.of(key, load));
    }

    private static Snapshot refused(Throttle throttle) {
        Load load = new Load(5, 0, 0, 0, Map.of(throttle, 5.0));
        return new Snapshot(load, Map.of(SHARD, load));
    }

    @ParameterizedTest
    @CsvSource({"0, 799, false", "0, 800, true", "3000, 799, false"})
    void aShardIsHotFromFourFifthsOfAPartitionsWrites(double reads, double writes, boolean hot) {
        // When
        List<ShardHeat> shards =
                heat(PartitionLimits.OF_DYNAMODB, of(SHARD, reads, writes)).hotShards();

        // Then
        assertThat(shards).isEqualTo(hot ? List.of(new ShardHeat(SKU, 3, writes, reads, 0)) : List.of());
    }

    @Test
    void aSmallerLimitIsReachedEarlier() {
        // When
        List<ShardHeat> shards =
                heat(new PartitionLimits(50, 3_000), of(SHARD, 0, 40)).hotShards();

        // Then
        assertThat(shards).containsExactly(new ShardHeat(SKU, 3, 40, 0, 0));
    }

    @Test
    void processesAreAddedUp() {
        // When
        List<ShardHeat> shards = heat(
                        PartitionLimits.OF_DYNAMODB, of(SHARD, 1, 300), of(SHARD, 2, 300), of(SHARD, 3, 200))
                .hotShards();

        // Then
        assertThat(shards).containsExactly(new ShardHeat(SKU, 3, 800, 6, 0));
    }

    @Test
    void otherItemsAreNoShards() {
        assertThat(heat(PartitionLimits.OF_DYNAMODB, of(USER, 0, 5_000)).hotShards())
                .isEmpty();
    }

    @Test
    void aShardWhosePartitionRefusesWritesIsHotWhateverItDraws() {
        // Given
        Throttle ofPartition = new Throttle(Limit.KEY_RANGE, Access.WRITE, "flashstock", null);

        // When
        List<ShardHeat> shards =
                heat(PartitionLimits.OF_DYNAMODB, refused(ofPartition)).hotShards();

        // Then
        assertThat(shards).containsExactly(new ShardHeat(SKU, 3, 0, 0, 5));
    }

    @Test
    void aShardThatIsRefusedForTheTablesCapacityIsNotHot() {
        // Given
        Throttle ofTable = new Throttle(Limit.PROVISIONED, Access.WRITE, "flashstock", null);

        // When
        List<ShardHeat> shards =
                heat(PartitionLimits.OF_DYNAMODB, refused(ofTable)).hotShards();

        // Then
        assertThat(shards).isEmpty();
    }
}
