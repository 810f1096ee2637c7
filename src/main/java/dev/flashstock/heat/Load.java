package dev.flashstock.heat;

import dev.flashstock.heat.Throttle.Access;
import dev.flashstock.heat.Throttle.Limit;
import java.util.HashMap;
import java.util.Map;

/**
 * What a key bears, or all keys together; everything a second.
 *
 * @param requests how often it was asked for, by each item of a batch or a transaction and by each attempt
 * @param readUnits read units drawn, as estimated
 * @param writeUnits write units drawn, as estimated
 * @param unprocessed how often a batch has left it out
 * @param throttles how often it was refused, by DynamoDB's reasons
 */
public record Load(
        double requests, double readUnits, double writeUnits, double unprocessed, Map<Throttle, Double> throttles) {
    /** Nothing. */
    public static final Load NONE = new Load(0, 0, 0, 0, Map.of());

    /** Makes it unmodifiable. */
    public Load {
        throttles = Map.copyOf(throttles);
    }

    /** Both together. */
    public Load plus(Load other) {
        return new Load(
                requests + other.requests,
                readUnits + other.readUnits,
                writeUnits + other.writeUnits,
                unprocessed + other.unprocessed,
                both(throttles, other.throttles));
    }

    private static Map<Throttle, Double> both(Map<Throttle, Double> one, Map<Throttle, Double> other) {
        Map<Throttle, Double> both = new HashMap<>(one);
        other.forEach((throttle, times) -> both.merge(throttle, times, Double::sum));
        return both;
    }

    /** How often it was refused, whatever the reason. */
    public double throttled() {
        return unprocessed
                + throttles.values().stream().mapToDouble(Double::doubleValue).sum();
    }

    /** How often a partition refused it because it was too hot. */
    public double throttledByPartition() {
        return throttledByPartition(Access.READ) + throttledByPartition(Access.WRITE);
    }

    /** The same of reads, or of writes; of writes where DynamoDB did not tell. */
    double throttledByPartition(Access access) {
        return throttles.entrySet().stream()
                .filter(it -> it.getKey().limit() == Limit.KEY_RANGE)
                .filter(it -> access == (it.getKey().access() == Access.READ ? Access.READ : Access.WRITE))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }
}
