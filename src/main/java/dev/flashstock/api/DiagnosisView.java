package dev.flashstock.api;

import dev.flashstock.heat.Diagnosis;
import dev.flashstock.heat.Heat;
import dev.flashstock.heat.Load;
import dev.flashstock.heat.PartitionLimits;
import dev.flashstock.heat.Subject;
import dev.flashstock.heat.Throttle;
import dev.flashstock.heat.Verdict;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What ails the table. Everything is a second: of the last seconds, the present one counting most.
 *
 * @param status how it is
 * @param summary the same in a sentence
 * @param window how far it looks back, in seconds
 * @param pods how many processes there are
 * @param podsCounted of how many of them the figures are; fewer while Redis does not answer, 0 where heat is not counted
 * @param partition what a partition bears
 * @param load everything that is asked of the table
 * @param hotKeys the keys that are hot, the worst first
 * @param throttles what DynamoDB has refused, each attempt, the most frequent first
 */
@RegisterForReflection
@Schema(name = "Diagnosis")
public record DiagnosisView(
        Diagnosis.Status status,

        @Schema(examples = "Nothing stands out: no key is hot, and DynamoDB refuses nothing.")
        String summary,

        @Schema(examples = "10") int window,
        @Schema(examples = "3") int pods,
        @Schema(examples = "3") int podsCounted,
        Partition partition,
        Figures load,
        List<HotKey> hotKeys,
        List<Refused> throttles) {

    /**
     * What a partition bears.
     *
     * @param writeUnits write units a second
     * @param readUnits read units a second
     */
    @RegisterForReflection
    @Schema(name = "PartitionLimits")
    public record Partition(
            @Schema(examples = "1000") int writeUnits,
            @Schema(examples = "3000") int readUnits) {
        static Partition of(PartitionLimits limits) {
            return new Partition(limits.writesPerSecond(), limits.readsPerSecond());
        }
    }

    /**
     * What is asked, and what that draws.
     *
     * @param requests items that are asked for, by each attempt
     * @param readUnits read units drawn, as estimated
     * @param writeUnits write units drawn, as estimated
     * @param unprocessed items that batches have left out
     */
    @RegisterForReflection
    @Schema(name = "Load")
    public record Figures(double requests, double readUnits, double writeUnits, double unprocessed) {
        static Figures of(Load load) {
            return new Figures(
                    rounded(load.requests()),
                    rounded(load.readUnits()),
                    rounded(load.writeUnits()),
                    rounded(load.unprocessed()));
        }
    }

    /**
     * A key that is hot.
     *
     * @param key the partition key
     * @param index the index whose key it is; null: the table's
     * @param kind what lies under it
     * @param sku whose it is; null: no single product's
     * @param shard which shard of it; null: it has none
     * @param cause why it is hot
     * @param verdict the same in a sentence
     * @param remedy what helps
     * @param share its share of all that is asked for, 0 to 1
     * @param leastShare how small it may be in truth: a short while proves little
     * @param ofPartition what part of a partition's limit it draws; 1: all
     * @param load what it bears
     * @param throttles how often it was refused a second, by DynamoDB's reasons
     */
    @RegisterForReflection
    @Schema(name = "HotKey")
    public record HotKey(
            @Schema(examples = "STOCK#console#0") String key,
            @Nullable String index,
            Subject.Kind kind,
            @Schema(examples = "console") @Nullable String sku,
            @Schema(examples = "0") @Nullable Integer shard,
            Verdict.Cause cause,
            String verdict,
            String remedy,
            @Schema(examples = "0.9") double share,
            @Schema(examples = "0.88") double leastShare,
            @Schema(examples = "0.95") double ofPartition,
            Figures load,
            Map<String, Double> throttles) {
        static HotKey of(Verdict verdict) {
            return new HotKey(
                    verdict.key().value(),
                    verdict.key().index(),
                    verdict.subject().kind(),
                    verdict.subject().sku() == null
                            ? null
                            : verdict.subject().sku().value(),
                    verdict.subject().kind().isSharded() ? verdict.subject().shard() : null,
                    verdict.cause(),
                    verdict.verdict(),
                    verdict.remedy(),
                    rounded(verdict.share().seen()),
                    rounded(verdict.share().least()),
                    rounded(verdict.ofLimit()),
                    Figures.of(verdict.load()),
                    byReason(verdict.load()));
        }
    }

    /**
     * What was refused a second, by DynamoDB's reasons.
     *
     * @param load of what
     * @return in the order of their names, rounded
     */
    public static Map<String, Double> byReason(Load load) {
        Map<String, Double> byReason = new TreeMap<>();
        load.throttles().forEach((throttle, times) -> byReason.merge(throttle.code(), rounded(times), Double::sum));
        return byReason;
    }

    /**
     * What was refused for one of DynamoDB's reasons.
     *
     * @param reason the reason, as DynamoDB tells it
     * @param table the table; null: not told
     * @param index the index; null: the table itself, or not told
     * @param perSecond how often
     * @param verdict what it means
     * @param remedy what helps
     */
    @RegisterForReflection
    @Schema(name = "Refused")
    public record Refused(
            @Schema(examples = "TableWriteKeyRangeThroughputExceeded")
            String reason,

            @Nullable String table,
            @Nullable String index,
            @Schema(examples = "35.2") double perSecond,
            String verdict,
            String remedy) {
        /** The most frequent first. */
        static List<Refused> of(Load load) {
            return load.throttles().entrySet().stream()
                    .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                    .map(it -> of(it.getKey(), it.getValue()))
                    .toList();
        }

        private static Refused of(Throttle throttle, double perSecond) {
            return new Refused(
                    throttle.code(),
                    throttle.table().isEmpty() ? null : throttle.table(),
                    throttle.index() == null || throttle.index().isEmpty() ? null : throttle.index(),
                    rounded(perSecond),
                    throttle.verdict(),
                    throttle.remedy());
        }
    }

    /**
     * Puts a diagnosis on the wire.
     *
     * @param diagnosis what ails the table
     * @param pods how many processes there are
     * @return the same, rounded
     */
    public static DiagnosisView of(Diagnosis diagnosis, int pods) {
        return new DiagnosisView(
                diagnosis.status(),
                diagnosis.summary(),
                Heat.SECONDS,
                pods,
                diagnosis.processes(),
                Partition.of(diagnosis.limits()),
                Figures.of(diagnosis.load()),
                diagnosis.hot().stream().map(HotKey::of).toList(),
                Refused.of(diagnosis.load()));
    }

    /**
     * A figure as people read it.
     *
     * @param figure the figure
     * @return the same to three decimals
     */
    public static double rounded(double figure) {
        return Math.round(figure * 1_000) / 1_000.0;
    }
}
