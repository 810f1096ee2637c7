package dev.flashstock.heat;

import dev.flashstock.heat.Throttle.Access;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was measured of a table.
 *
 * @param source by whom
 * @param from the first moment
 * @param until the moment after the last
 * @param observed whether anything at all was seen to happen to the table
 * @param throttles how many requests, or parts of them, were refused, by the limit
 * @param flows the units that were used; none when they were not measured
 * @param latencies how long requests took that were served; none when they were not measured
 */
public record TableFigures(
        Source source,
        Instant from,
        Instant until,
        boolean observed,
        Map<Throttle, Long> throttles,
        List<Flow> flows,
        List<Latency> latencies) {

    /** Keeps the figures for itself. */
    public TableFigures {
        throttles = Map.copyOf(throttles);
        flows = List.copyOf(flows);
        latencies = List.copyOf(latencies);
    }

    /** Who has measured. */
    public enum Source {
        /** CloudWatch: all who use the table, about a minute late. */
        CLOUDWATCH,
        /** This process: its own requests, at once. */
        SERVICE
    }

    /**
     * Units that were used.
     *
     * @param index the index; null: the table itself
     * @param access what they were used for
     * @param average a second, over the whole time
     * @param peak a second, in the busiest minute
     * @param provisioned a second, what was given; null: on demand
     */
    public record Flow(
            @Nullable String index,
            Access access,
            double average,
            double peak,
            @Nullable Double provisioned) {}

    /**
     * How long requests took that were served.
     *
     * @param operation DynamoDB's name of it
     * @param p50Millis half of them, in the slowest minute, in milliseconds
     * @param p99Millis 99 of 100, in the slowest minute, in milliseconds
     */
    public record Latency(String operation, double p50Millis, double p99Millis) {}

    /** What was used of that which a throttle has spared. */
    Optional<Flow> flow(Throttle throttle) {
        return flows.stream()
                .filter(it -> it.access() == throttle.access() && Objects.equals(it.index(), throttle.index()))
                .findFirst();
    }
}
