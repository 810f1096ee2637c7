package dev.flashstock.cloudwatch;

import dev.flashstock.heat.TableFigures;
import dev.flashstock.heat.TableName;
import dev.flashstock.heat.Throttle;
import dev.flashstock.heat.Throttle.Access;
import dev.flashstock.heat.Throttle.Limit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;

/**
 * The metrics that a table has in CloudWatch, in the namespace {@code AWS/DynamoDB} (Amazon DynamoDB Developer Guide,
 * "DynamoDB metrics and dimensions").
 */
sealed interface Series {
    /** The most metrics of one call: CloudWatch's own bound. */
    int MOST = 500;

    /** What a value stands for, in seconds. */
    int PERIOD = 60;

    /** Whose latency is looked at: what flashstock asks, and what others usually do. */
    List<String> OPERATIONS = List.of(
            "GetItem",
            "BatchGetItem",
            "Query",
            "Scan",
            "TransactGetItems",
            "PutItem",
            "UpdateItem",
            "DeleteItem",
            "BatchWriteItem",
            "TransactWriteItems");

    String NAMESPACE = "AWS/DynamoDB";
    String TABLE = "TableName";
    String INDEX = "GlobalSecondaryIndexName";
    String SUM = "Sum";

    /** Refusals by a limit. */
    record Throttled(Throttle throttle) implements Series {}

    /** Units that were used. */
    record Consumed(@Nullable String index, Access access) implements Series {}

    /** Units that were given. */
    record Provisioned(@Nullable String index, Access access) implements Series {}

    /** How long requests took. */
    record Latency(String operation, String statistic) implements Series {
        static final String HALF = "p50";
        static final String NEARLY_ALL = "p99";
    }

    /** All of a table: 12 for itself and for each index, and its latencies. */
    static List<Series> of(TableName table, List<String> indexes) {
        List<Series> series = new ArrayList<>();
        ofTableOrIndex(table, null).forEach(series::add);
        indexes.forEach(index -> ofTableOrIndex(table, index).forEach(series::add));
        OPERATIONS.forEach(operation -> {
            series.add(new Latency(operation, Latency.HALF));
            series.add(new Latency(operation, Latency.NEARLY_ALL));
        });
        return series;
    }

    private static Stream<Series> ofTableOrIndex(TableName table, @Nullable String index) {
        return Stream.of(Access.values())
                .flatMap(access -> Stream.concat(
                        Stream.of(Limit.values())
                                .map(limit -> new Throttled(new Throttle(limit, access, table.value(), index))),
                        Stream.of(new Consumed(index, access), new Provisioned(index, access))));
    }

    /** The query for it. */
    default MetricDataQuery query(String id, TableName table) {
        if (this instanceof Throttled it) {
            return query(
                    id, table, it.throttle().metric(), SUM, index(it.throttle().index()));
        }
        if (this instanceof Consumed it) {
            return query(id, table, "Consumed" + units(it.access()), SUM, index(it.index()));
        }
        if (this instanceof Provisioned it) {
            return query(id, table, "Provisioned" + units(it.access()), "Maximum", index(it.index()));
        }
        Latency it = (Latency) this;
        return query(id, table, "SuccessfulRequestLatency", it.statistic(), Map.of("Operation", it.operation()));
    }

    private static String units(Access access) {
        return (access == Access.READ ? "Read" : "Write") + "CapacityUnits";
    }

    private static Map<String, String> index(@Nullable String index) {
        return index == null ? Map.of() : Map.of(INDEX, index);
    }

    private static MetricDataQuery query(
            String id, TableName table, String metric, String statistic, Map<String, String> dimensions) {
        List<Dimension> all = Stream.concat(
                        Stream.of(dimension(TABLE, table.value())),
                        dimensions.entrySet().stream().map(it -> dimension(it.getKey(), it.getValue())))
                .toList();
        return MetricDataQuery.builder()
                .id(id)
                .metricStat(it -> it.metric(
                                m -> m.namespace(NAMESPACE).metricName(metric).dimensions(all))
                        .period(PERIOD)
                        .stat(statistic))
                .build();
    }

    private static Dimension dimension(String name, String value) {
        return Dimension.builder().name(name).value(value).build();
    }

    /** The figures that values of series make up; what has no values has none. */
    static FiguresOf figures(Map<Series, List<Double>> values, long seconds) {
        return new FiguresOf(values, seconds);
    }

    /** Figures in the making. */
    record FiguresOf(Map<Series, List<Double>> values, long seconds) {
        Map<Throttle, Long> throttles() {
            Map<Throttle, Long> throttles = new java.util.HashMap<>();
            values.forEach((series, of) -> {
                if (series instanceof Throttled it && sum(of) > 0) {
                    throttles.put(it.throttle(), Math.round(sum(of)));
                }
            });
            return throttles;
        }

        List<TableFigures.Flow> flows() {
            return values.entrySet().stream()
                    .filter(it ->
                            it.getKey() instanceof Consumed && !it.getValue().isEmpty())
                    .map(it -> flow((Consumed) it.getKey(), it.getValue()))
                    .toList();
        }

        private TableFigures.Flow flow(Consumed it, List<Double> consumed) {
            List<Double> provisioned = values.getOrDefault(new Provisioned(it.index(), it.access()), List.of());
            return new TableFigures.Flow(
                    it.index(),
                    it.access(),
                    sum(consumed) / seconds,
                    most(consumed) / PERIOD,
                    provisioned.isEmpty() ? null : most(provisioned));
        }

        List<TableFigures.Latency> latencies() {
            return OPERATIONS.stream()
                    .filter(it -> !of(it, Latency.NEARLY_ALL).isEmpty())
                    .map(it ->
                            new TableFigures.Latency(it, most(of(it, Latency.HALF)), most(of(it, Latency.NEARLY_ALL))))
                    .toList();
        }

        private List<Double> of(String operation, String statistic) {
            return values.getOrDefault(new Latency(operation, statistic), List.of());
        }

        private static double sum(List<Double> values) {
            return values.stream().mapToDouble(it -> it).sum();
        }

        private static double most(List<Double> values) {
            return values.stream().mapToDouble(it -> it).max().orElse(0);
        }
    }
}
