package dev.flashstock.api;

import dev.flashstock.heat.ShardAdvice;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.OptionalInt;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * How many shards a load needs.
 *
 * @param peakWritesPerSecond the load
 * @param minimum as many as bear it when it is spread perfectly
 * @param safe as many as bear it with a fifth to spare
 * @param recommended twice that
 * @param usual what is usually given to such a load
 * @param collisions what chance asks for
 * @param waste what of the provisioned capacity cannot be used; only when it was told
 * @param summary what to do, in a sentence
 */
@RegisterForReflection
@Schema(name = "ShardAdvice")
public record ShardAdviceView(
        @Schema(examples = "8000") int peakWritesPerSecond,
        @Schema(examples = "8") int minimum,
        @Schema(examples = "10") int safe,
        @Schema(examples = "20") int recommended,
        Usual usual,
        Collisions collisions,
        @Nullable Waste waste,
        String summary) {

    /**
     * What is usually given to such a load.
     *
     * @param traffic how such a load is called
     * @param fewest the fewest shards
     * @param most the most
     */
    @RegisterForReflection
    @Schema(name = "UsualShards")
    public record Usual(@Schema(examples = "VERY_HIGH") String traffic, int fewest, int most) {}

    /**
     * What chance asks for: shards fall on partitions by a hash, several on one.
     *
     * @param partitions how many partitions the table has, or is taken to have
     * @param shards with how many no partition is beyond its limit, as surely as {@code confidence}; null: not even with
     *     the most shards that there can be
     * @param confidence a probability
     * @param recommendedIsEnough with which probability the recommended number does as well
     */
    @RegisterForReflection
    @Schema(name = "Collisions")
    public record Collisions(
            @Schema(examples = "16") int partitions,
            @Nullable Integer shards,
            @Schema(examples = "0.99") double confidence,
            double recommendedIsEnough) {}

    /**
     * What of the provisioned capacity a key cannot use.
     *
     * @param provisioned write units a second
     * @param shards how many the key has
     * @param units write units a second that it cannot use
     * @param centsPerMonth what they cost
     */
    @RegisterForReflection
    @Schema(name = "Waste")
    public record Waste(int provisioned, int shards, int units, long centsPerMonth) {
        static Waste of(int provisioned, int shards, int unitCentsPerMonth) {
            int units = ShardAdvice.wasted(provisioned, shards);
            return new Waste(provisioned, shards, units, (long) units * unitCentsPerMonth);
        }
    }

    static ShardAdviceView of(ShardAdvice advice, @Nullable Waste waste) {
        OptionalInt against = advice.againstCollisions();
        return new ShardAdviceView(
                advice.peakWritesPerSecond(),
                advice.minimum(),
                advice.safe(),
                advice.recommended(),
                new Usual(
                        advice.band().name(),
                        advice.band().fewest(),
                        advice.band().most()),
                new Collisions(
                        advice.partitions(),
                        against.isPresent() ? against.getAsInt() : null,
                        ShardAdvice.CONFIDENCE,
                        Math.round(advice.evenWhenRecommended() * 1_000) / 1_000.0),
                waste,
                summary(advice));
    }

    private static String summary(ShardAdvice advice) {
        if (!advice.isWorthIt()) {
            return "One key bears this: shards would cost reads and win nothing.";
        }
        if (advice.againstCollisions().isEmpty()) {
            return "No number of shards is safe on " + advice.partitions()
                    + " partitions: warm the table up for more throughput before the sale.";
        }
        int enough = advice.againstCollisions().getAsInt();
        long beyond = Math.round((1 - advice.evenWhenRecommended()) * 100);
        return enough <= advice.recommended()
                ? "Use " + advice.recommended() + " shards."
                : "Use " + enough + " shards: with " + advice.recommended()
                        + " chance puts more on a partition than it bears, " + beyond + " times in 100.";
    }
}
