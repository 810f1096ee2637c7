package dev.flashstock.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.flashstock.heat.Insights;
import dev.flashstock.heat.TableFigures;
import dev.flashstock.heat.TableState;
import dev.flashstock.heat.TableVerdict;
import dev.flashstock.heat.Throttle;
import dev.flashstock.heat.ThrottledKey;
import dev.flashstock.inventory.TableDiagnosis;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What is the matter with a table, and what that is concluded from. What could not be read is left out, and a verdict says
 * so.
 *
 * @param table its name
 * @param source who has measured
 * @param from the first moment that was looked at
 * @param until the moment after the last
 * @param verdicts what is the matter; the one with most refusals first
 * @param description the table as DynamoDB describes it
 * @param throttles what was refused, by limit
 * @param consumed the units that were used
 * @param latencies how long requests took
 * @param contributorInsights whether CloudWatch knows the keys, and which were throttled
 */
@RegisterForReflection
@Schema(name = "TableDiagnosis")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TableDiagnosisView(
        @Schema(examples = "flashstock") String table,
        @Schema(enumeration = {"cloudwatch", "service"}) String source,
        Instant from,
        Instant until,
        List<Verdict> verdicts,
        @Nullable Description description,
        List<Throttles> throttles,
        List<Consumed> consumed,
        List<Latency> latencies,
        @Nullable ContributorInsights contributorInsights) {

    /**
     * One thing that is the matter, or that could not be read.
     *
     * @param kind for programs
     * @param index the index that it is about; left out: the table, or the whole
     * @param verdict what is the matter
     * @param evidence why that is thought
     * @param remedy what helps
     */
    @RegisterForReflection
    @Schema(name = "TableVerdict")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Verdict(
            TableVerdict.Kind kind, @Nullable String index, String verdict, String evidence, String remedy) {}

    /**
     * A table as DynamoDB describes it.
     *
     * @param status when it is ACTIVE it can be changed
     * @param mode what its capacity comes from
     * @param provisioned units a second that it was given
     * @param mostOnDemand units a second that somebody lets it use at most
     * @param warm units a second that it bears at once
     * @param onDemandSince when it was last switched to on-demand
     * @param indexes its global secondary indexes
     */
    @RegisterForReflection
    @Schema(name = "TableDescription")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Description(
            String status,
            TableState.Mode mode,
            @Nullable Units provisioned,
            @Nullable Units mostOnDemand,
            @Nullable Units warm,
            @Nullable Instant onDemandSince,
            List<Index> indexes) {}

    /**
     * A global secondary index.
     *
     * @param name its name
     * @param status when it is ACTIVE it can be used
     * @param provisioned units a second that it was given
     * @param mostOnDemand units a second that somebody lets it use at most
     * @param warm units a second that it bears at once
     */
    @RegisterForReflection
    @Schema(name = "TableIndex")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Index(
            String name,
            String status,
            @Nullable Units provisioned,
            @Nullable Units mostOnDemand,
            @Nullable Units warm) {}

    /**
     * Units a second.
     *
     * @param reads read units
     * @param writes write units
     */
    @RegisterForReflection
    @Schema(name = "UnitsPerSecond")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Units(@Nullable Long reads, @Nullable Long writes) {
        static @Nullable Units of(TableState.Units it) {
            return it.equals(TableState.Units.NONE) ? null : new Units(it.reads(), it.writes());
        }
    }

    /**
     * What was refused by a limit.
     *
     * @param reason DynamoDB's name of it
     * @param index the index; left out: the table itself
     * @param count how often
     */
    @RegisterForReflection
    @Schema(name = "TableThrottles")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Throttles(
            @Schema(examples = "TableWriteKeyRangeThroughputExceeded")
            String reason,

            @Nullable String index,
            long count) {}

    /**
     * Units that were used.
     *
     * @param index the index; left out: the table itself
     * @param access READ or WRITE
     * @param average a second, over the whole time
     * @param peak a second, in the busiest minute
     * @param provisioned a second, what was given; left out: on demand
     */
    @RegisterForReflection
    @Schema(name = "ConsumedUnits")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Consumed(
            @Nullable String index,
            Throttle.Access access,
            double average,
            double peak,
            @Nullable Double provisioned) {}

    /**
     * How long requests took.
     *
     * @param operation DynamoDB's name of it
     * @param p50Millis half of them at most, in the slowest minute
     * @param p99Millis 99 of 100 at most, in the slowest minute
     */
    @RegisterForReflection
    @Schema(name = "OperationLatency")
    public record Latency(
            @Schema(examples = "TransactWriteItems") String operation, double p50Millis, double p99Millis) {}

    /**
     * Whether CloudWatch knows the keys, and which were throttled.
     *
     * @param status ENABLED: it does
     * @param mode what it watches
     * @param throttledKeys which were throttled, the one throttled most first
     */
    @RegisterForReflection
    @Schema(name = "ContributorInsights")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record ContributorInsights(
            String status, @Nullable String mode, List<Key> throttledKeys) {}

    /**
     * A key that was throttled.
     *
     * @param index the index; left out: the table itself
     * @param key the partition key, and the sort key where items are told apart
     * @param throttles about how often
     */
    @RegisterForReflection
    @Schema(name = "ThrottledKey")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Key(@Nullable String index, List<String> key, long throttles) {}

    static TableDiagnosisView of(TableDiagnosis it) {
        TableFigures figures = it.figures();
        return new TableDiagnosisView(
                it.table().value(),
                figures.source().name().toLowerCase(Locale.ROOT),
                figures.from(),
                figures.until(),
                it.verdicts().stream().map(TableDiagnosisView::verdict).toList(),
                it.state() == null ? null : description(it.state()),
                figures.throttles().entrySet().stream()
                        .sorted(Map.Entry.<Throttle, Long>comparingByValue().reversed())
                        .map(of -> new Throttles(of.getKey().code(), of.getKey().index(), of.getValue()))
                        .toList(),
                figures.flows().stream()
                        .sorted(Comparator.comparing(
                                        (TableFigures.Flow of) -> Objects.requireNonNullElse(of.index(), ""))
                                .thenComparing(TableFigures.Flow::access))
                        .map(of -> new Consumed(
                                of.index(), of.access(), rounded(of.average()), rounded(of.peak()), of.provisioned()))
                        .toList(),
                figures.latencies().stream()
                        .map(of -> new Latency(of.operation(), rounded(of.p50Millis()), rounded(of.p99Millis())))
                        .toList(),
                it.insights() == null ? null : insights(it.insights(), it.keys()));
    }

    private static Verdict verdict(TableVerdict it) {
        return new Verdict(it.kind(), it.index().orElse(null), it.verdict(), it.evidence(), it.remedy());
    }

    private static Description description(TableState it) {
        return new Description(
                it.status(),
                it.mode(),
                Units.of(it.provisioned()),
                Units.of(it.mostOnDemand()),
                Units.of(it.warm()),
                it.onDemandSince(),
                it.indexes().stream()
                        .map(index -> new Index(
                                index.name(),
                                index.status(),
                                Units.of(index.provisioned()),
                                Units.of(index.mostOnDemand()),
                                Units.of(index.warm())))
                        .toList());
    }

    private static ContributorInsights insights(Insights it, List<ThrottledKey> keys) {
        return new ContributorInsights(
                it.status(),
                it.mode(),
                keys.stream()
                        .map(key -> new Key(key.index(), key.key(), Math.round(key.throttles())))
                        .toList());
    }

    private static double rounded(double value) {
        return Math.round(value * 100) / 100.0;
    }
}
