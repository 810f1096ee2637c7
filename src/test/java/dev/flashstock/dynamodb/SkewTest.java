package dev.flashstock.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.flashstock.heat.ClusterHeat;
import dev.flashstock.heat.Diagnosis;
import dev.flashstock.heat.Diagnosis.Status;
import dev.flashstock.heat.PartitionLimits;
import dev.flashstock.heat.Verdict;
import dev.flashstock.heat.Verdict.Cause;
import dev.flashstock.local.partitions.Limits;
import dev.flashstock.stock.Sku;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * How soon a skew is named, in real requests through partitions that have limits. The heat's clock goes by the requests that
 * were sent: on a slow machine its second lasts longer, and has as many.
 */
class SkewTest {
    private static final int PER_SECOND = 400;
    private static final int AT_ONCE = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Sku SKU = new Sku("console");

    private final WatchedTable table = new WatchedTable();
    private int sent;

    @AfterEach
    void close() {
        table.close();
    }

    /** Sends a second's requests at most, until keys are named; tells after how many. */
    private OptionalInt send(IntFunction<CompletableFuture<?>> request, ClusterHeat heat, int namedKeys)
            throws Exception {
        for (int i = 0; i < PER_SECOND; i += AT_ONCE) {
            List<CompletableFuture<?>> atOnce = new ArrayList<>();
            for (int j = 0; j < AT_ONCE; j++) {
                table.at(Duration.ofSeconds(1).multipliedBy(sent++).dividedBy(PER_SECOND));
                atOnce.add(request.apply(i + j).handle((answer, refused) -> null));
            }
            CompletableFuture.allOf(atOnce.toArray(CompletableFuture[]::new))
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (heat.diagnosis().hot().size() >= namedKeys) {
                return OptionalInt.of(i + AT_ONCE);
            }
        }
        return OptionalInt.empty();
    }

    /** Of a hundred requests in no order, 90 to one shard, 5, 3 and 2 to others. */
    private static int skewed(int request) {
        int hundredth = request * 37 % 100;
        return hundredth < 90 ? 0 : hundredth < 95 ? 1 : hundredth < 98 ? 2 : 3;
    }

    private CompletableFuture<?> write(int shard) {
        DynamoDbAsyncClient client = table.client();
        return client.updateItem(update -> update.tableName(table.name())
                .key(Schema.shard(SKU, shard))
                .updateExpression("ADD available :one")
                .expressionAttributeValues(Map.of(":one", AttributeValue.fromN("1"))));
    }

    private CompletableFuture<?> read(int shard) {
        return table.client().getItem(get -> get.tableName(table.name()).key(Schema.shard(SKU, shard)));
    }

    private static String key(int shard) {
        return "STOCK#console#" + shard;
    }

    @Test
    void ninetyOfAHundredAreNamedWithinASecondOfTheirBeginning() throws Exception {
        // Given
        table.limit(Limits.OF_DYNAMODB);
        ClusterHeat heat = table.judged(PartitionLimits.OF_DYNAMODB);

        // When
        OptionalInt after = send(i -> write(skewed(i)), heat, 1);

        // Then
        assertThat(after).isPresent();
        assertThat(heat.diagnosis().hot()).singleElement().satisfies(it -> {
            assertThat(it.key().value()).isEqualTo(key(0));
            assertThat(it.cause()).isEqualTo(Cause.LARGE_SHARE);
            assertThat(it.share().seen()).isCloseTo(0.9, within(0.05));
        });
    }

    @Test
    void alsoWhenTheLoadWasEvenBefore() throws Exception {
        // Given
        table.limit(Limits.OF_DYNAMODB);
        ClusterHeat heat = table.judged(PartitionLimits.OF_DYNAMODB);
        OptionalInt before = send(i -> write(i % 50), heat, 1);

        // When
        OptionalInt after = send(i -> write(skewed(i)), heat, 1);

        // Then
        assertThat(before).isEmpty();
        assertThat(after).isPresent();
        assertThat(heat.diagnosis().hot()).extracting(it -> it.key().value()).containsExactly(key(0));
    }

    @Test
    void threeOfAHundredAreNamedWhenTheirPartitionRefusesThem() throws Exception {
        // Given
        table.limit(Limits.everyKey(0.5, 100_000));
        ClusterHeat heat = table.judged(PartitionLimits.OF_DYNAMODB);

        // When
        OptionalInt after = send(i -> i * 37 % 100 < 3 ? write(77) : read(i % 50), heat, 1);

        // Then
        assertThat(after).isPresent();
        Diagnosis diagnosis = heat.diagnosis();
        assertThat(diagnosis.status()).isEqualTo(Status.THROTTLED);
        assertThat(diagnosis.hot()).singleElement().satisfies(it -> {
            assertThat(it.key().value()).isEqualTo(key(77));
            assertThat(it.cause()).isEqualTo(Cause.THROTTLED);
            assertThat(it.share().seen()).isLessThan(0.1);
        });
        assertThat(heat.hotShards()).extracting(it -> it.shard()).containsExactly(77);
    }

    @Test
    void threeOfAHundredAreNamedWhenTheyAreMoreThanAPartitionBears() throws Exception {
        // Given
        table.limit(Limits.OF_DYNAMODB);
        ClusterHeat heat = table.judged(new PartitionLimits(PER_SECOND * 24 / 1_000, 3_000));

        // When
        OptionalInt after = send(i -> write(skewed(i)), heat, 3);

        // Then
        assertThat(after).isPresent();
        List<Verdict> hot = heat.diagnosis().hot();
        assertThat(hot).extracting(Verdict::cause).containsOnly(Cause.NEAR_LIMIT);
        assertThat(hot).extracting(it -> it.key().value()).contains(key(0), key(1), key(2));
    }

    @Test
    void anEvenLoadIsNotNamed() throws Exception {
        // Given
        table.limit(Limits.OF_DYNAMODB);
        ClusterHeat heat = table.judged(PartitionLimits.OF_DYNAMODB);

        // When
        OptionalInt after = send(i -> write(i % 50), heat, 1);

        // Then
        assertThat(after).isEmpty();
        assertThat(heat.diagnosis().status()).isEqualTo(Status.HEALTHY);
        assertThat(heat.diagnosis().load().requests()).isCloseTo(PER_SECOND, within(1.0 * AT_ONCE));
    }
}
