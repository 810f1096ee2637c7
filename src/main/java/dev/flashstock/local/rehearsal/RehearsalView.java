package dev.flashstock.local.rehearsal;

import dev.flashstock.local.partitions.Throughput;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A rehearsal on the wire.
 *
 * @param id its id
 * @param state how far it is
 * @param sku the product that was rehearsed
 * @param design how the stock was kept
 * @param shoppers how many came
 * @param seconds in what time they came
 * @param writeUnits the write units a second of each key
 * @param rehearsedAs the SKU of the copy that was sold; of flashstock's design only
 * @param error why it failed
 * @param figures what came of it so far
 */
public record RehearsalView(
        String id,
        State state,
        String sku,
        Design design,
        int shoppers,
        int seconds,
        int writeUnits,
        @Nullable String rehearsedAs,
        @Nullable String error,
        @Nullable FiguresView figures) {
    /** How far a rehearsal is. */
    public enum State {
        /** Shoppers come, or are waited for. */
        RUNNING,
        /** It has ended. */
        DONE,
        /** It broke off. */
        FAILED
    }

    /**
     * Figures on the wire.
     *
     * @param offered shoppers who have come
     * @param accepted who have got their unit
     * @param sold units that have left the stock, to whom was queued as well
     * @param queued who have been promised an outcome
     * @param soldOut who were told that nothing is left
     * @param errors who were told anything else, by error
     * @param unanswered who gave up
     * @param elapsedSeconds from the first shopper to now, or to the last answer
     * @param acceptedPerSecond accepted a second while shoppers came
     * @param errorShare errors and unanswered by offered
     * @param latencyMillis from a shopper's arrival to the answer, errors included
     * @param writeUnitsPerUnit write units consumed for each unit sold
     * @param throttles how often a limit was exceeded, by DynamoDB's reason
     * @param conflicts requests that met a transaction in flight
     * @param hottestKeys where it was
     */
    public record FiguresView(
            long offered,
            long accepted,
            long sold,
            long queued,
            long soldOut,
            Map<String, Long> errors,
            long unanswered,
            double elapsedSeconds,
            double acceptedPerSecond,
            double errorShare,
            LatencyView latencyMillis,
            double writeUnitsPerUnit,
            Map<String, Long> throttles,
            long conflicts,
            Map<String, Throughput.Key> hottestKeys) {
        static FiguresView of(Figures figures, long sold, Throughput throughput) {
            Latencies latencies = figures.latencies();
            return new FiguresView(
                    figures.offered(),
                    figures.accepted(),
                    sold,
                    figures.queued(),
                    figures.soldOut(),
                    figures.errors(),
                    figures.unanswered(),
                    rounded(figures.seconds()),
                    rounded(figures.acceptedPerSecond()),
                    rounded(figures.errorShare()),
                    new LatencyView(
                            rounded(latencies.p50()),
                            rounded(latencies.p99()),
                            rounded(latencies.p999()),
                            rounded(latencies.max())),
                    rounded(sold == 0 ? 0 : throughput.writeUnits() / sold),
                    throughput.throttles(),
                    throughput.conflicts(),
                    throughput.hottestKeys());
        }

        private static double rounded(double value) {
            return Math.round(value * 1_000) / 1_000.0;
        }
    }

    /** Percentiles, in milliseconds. */
    public record LatencyView(double p50, double p99, double p999, double max) {}
}
