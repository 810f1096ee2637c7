package dev.flashstock.dashboard;

import dev.flashstock.stock.Sku;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What there was to see in one second. What is left, the shards' heat and the queue are the whole service's; requests, reads
 * and latencies are those of the process that tells it.
 *
 * @param at when
 * @param pods how many processes there are, as far as this one knows
 * @param products what is on sale and how much of it is left, at most {@value Moments#PRODUCTS}; null: it could not be
 *     read in time
 * @param shards the shards of the SKU that was asked for which bear something
 * @param throttles what DynamoDB has refused a second, by its reasons
 * @param queue the queue
 * @param reservations how many requests for reservations were answered a second, by what they were told
 * @param latencies how long those took whose outcome was waited for, in the last ten seconds
 * @param reads how many totals were told a second, by where they came from
 */
@RegisterForReflection
@Schema(name = "Moment")
public record Moment(
        Instant at,
        @Schema(examples = "3") int pods,
        @Nullable List<Left> products,
        List<Shard> shards,
        Map<String, Double> throttles,
        Queue queue,
        Map<String, Double> reservations,
        Latencies latencies,
        Map<String, Double> reads) {
    /** The same with the shards of one SKU; of none, without shards. */
    Moment of(@Nullable Sku sku) {
        List<Shard> its = sku == null
                ? List.of()
                : shards.stream().filter(it -> it.sku().equals(sku.value())).toList();
        return new Moment(at, pods, products, its, throttles, queue, reservations, latencies, reads);
    }

    /**
     * How much of a product is left.
     *
     * @param sku its SKU
     * @param name for people
     * @param available units that can be reserved
     * @param soldPerSecond how fast they go, on the average of the last seconds; what comes back is not subtracted
     * @param secondsLeft until none is left, if they go on like that; null: they do not go
     */
    @RegisterForReflection
    @Schema(name = "Left")
    public record Left(
            @Schema(examples = "console") String sku,
            @Schema(examples = "Game console") String name,
            @Schema(examples = "350") long available,
            @Schema(examples = "35.0") double soldPerSecond,
            @Schema(examples = "10.0") @Nullable Double secondsLeft) {}

    /**
     * What a shard bears.
     *
     * @param sku whose it is
     * @param shard its number
     * @param writes write units a second, as estimated
     * @param throttles how often its partition refuses writes, a second
     */
    @RegisterForReflection
    @Schema(name = "ShardHeat")
    public record Shard(
            @Schema(examples = "console") String sku,
            @Schema(examples = "0") int shard,
            double writes,
            double throttles) {}

    /**
     * The queue of reservations.
     *
     * @param messages messages in it, received or not; null: not known yet
     * @param deadLetters messages that were given up; null: not known yet
     * @param decided requests that this process has decided, a second
     * @param waited how long those had waited that it decided in the last second, in seconds; null: there were none
     */
    @RegisterForReflection
    @Schema(name = "QueueFigures")
    public record Queue(
            @Nullable Long messages,
            @Nullable Long deadLetters,
            double decided,
            @Nullable Double waited) {}

    /**
     * Percentiles in milliseconds; null: nobody asked.
     *
     * @param p50 the median
     * @param p95 95 of 100 took no longer
     * @param p99 99 of 100 took no longer
     */
    @RegisterForReflection
    @Schema(name = "Latencies")
    public record Latencies(
            @Nullable Double p50,
            @Nullable Double p95,
            @Nullable Double p99) {
        static final Latencies NONE = new Latencies(null, null, null);
    }
}
