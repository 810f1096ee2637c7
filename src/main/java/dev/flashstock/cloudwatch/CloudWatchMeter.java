package dev.flashstock.cloudwatch;

import dev.flashstock.heat.TableFigures;
import dev.flashstock.heat.TableName;
import dev.flashstock.heat.ThrottledKey;
import dev.flashstock.inventory.TableMeter;
import dev.flashstock.inventory.Unavailable;
import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Refusal;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.cloudwatch.CloudWatchAsyncClient;
import software.amazon.awssdk.services.cloudwatch.model.CloudWatchException;
import software.amazon.awssdk.services.cloudwatch.model.GetInsightRuleReportResponse;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricDataRequest;
import software.amazon.awssdk.services.cloudwatch.model.GetMetricDataResponse;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataQuery;
import software.amazon.awssdk.services.cloudwatch.model.MetricDataResult;
import software.amazon.awssdk.services.cloudwatch.model.ResourceNotFoundException;

/** {@link TableMeter} by CloudWatch's metrics and Contributor Insights. Who asks pays for each metric and each report. */
public final class CloudWatchMeter implements TableMeter {
    /** How far it looks back. */
    static final Duration BACK = Duration.ofMinutes(15);

    /** The most pages of figures that are read. All there are fit on one, unless CloudWatch thinks otherwise. */
    static final int MOST_PAGES = 5;

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String DENIED = "AccessDenied";

    private final CloudWatchAsyncClient client;
    private final InstantSource clock;

    /**
     * Uses a client.
     *
     * @param client the SDK's client
     * @param clock the time
     */
    public CloudWatchMeter(CloudWatchAsyncClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    @Override
    public Uni<Outcome<TableFigures>> figures(TableName table, List<String> indexes) {
        Reading reading = new Reading(table, Series.of(table, indexes), until());
        return outcome(FIGURES, reading.from(null, MOST_PAGES));
    }

    private Instant until() {
        return clock.instant().truncatedTo(ChronoUnit.MINUTES).plus(1, ChronoUnit.MINUTES);
    }

    /** One reading of all figures of a table, page by page. */
    private final class Reading {
        private final TableName table;
        private final List<Series> series;
        private final Instant until;
        private final Map<Series, List<Double>> values = new HashMap<>();

        Reading(TableName table, List<Series> series, Instant until) {
            this.table = table;
            this.series = series;
            this.until = until;
        }

        Uni<TableFigures> from(@Nullable String token, int pages) {
            return Uni.createFrom()
                    .completionStage(() -> client.getMetricData(request(token)))
                    .invoke(this::add)
                    .chain(page -> page.nextToken() == null || pages == 1
                            ? Uni.createFrom().item(this::figures)
                            : from(page.nextToken(), pages - 1));
        }

        private GetMetricDataRequest request(@Nullable String token) {
            List<MetricDataQuery> queries = IntStream.range(0, series.size())
                    .mapToObj(i -> series.get(i).query("m" + i, table))
                    .toList();
            return GetMetricDataRequest.builder()
                    .metricDataQueries(queries)
                    .startTime(until.minus(BACK))
                    .endTime(until)
                    .nextToken(token)
                    .build();
        }

        private void add(GetMetricDataResponse page) {
            for (MetricDataResult result : page.metricDataResults()) {
                int number = Integer.parseInt(result.id().substring(1));
                values.computeIfAbsent(series.get(number), it -> new ArrayList<>())
                        .addAll(result.values());
            }
        }

        private TableFigures figures() {
            values.values().removeIf(List::isEmpty);
            Series.FiguresOf figures = Series.figures(values, BACK.toSeconds());
            return new TableFigures(
                    TableFigures.Source.CLOUDWATCH,
                    until.minus(BACK),
                    until,
                    !figures.flows().isEmpty() || !figures.latencies().isEmpty(),
                    figures.throttles(),
                    figures.flows(),
                    figures.latencies());
        }
    }

    @Override
    public Uni<Outcome<List<ThrottledKey>>> throttledKeys(@Nullable String index, String rule) {
        Instant until = until();
        return outcome(
                KEYS,
                call(() -> client.getInsightRuleReport(request -> request.ruleName(rule)
                                .startTime(until.minus(BACK))
                                .endTime(until)
                                .period((int) BACK.toSeconds())
                                .maxContributorCount(MOST_KEYS)))
                        .map(report -> keys(index, report))
                        .onFailure(ResourceNotFoundException.class) // a rule that has seen nothing yet
                        .recoverWithItem(List.of()));
    }

    private static List<ThrottledKey> keys(@Nullable String index, GetInsightRuleReportResponse report) {
        return report.contributors().stream()
                .map(it -> new ThrottledKey(index, it.keys(), it.approximateAggregateValue()))
                .toList();
    }

    private static <T> Uni<T> call(Supplier<CompletionStage<T>> call) {
        return Uni.createFrom().completionStage(call);
    }

    private static <T> Uni<Outcome<T>> outcome(String action, Uni<T> question) {
        return question.map(Outcome::done)
                .ifNoItem()
                .after(PATIENCE)
                .failWith(() -> new Unavailable("CloudWatch has not answered within " + PATIENCE))
                .onFailure(CloudWatchMeter::isDenied)
                .recoverWithItem(() -> Outcome.refused(new Refusal.ActionNotAllowed(action)))
                .onFailure(SdkException.class)
                .transform(e -> new Unavailable("CloudWatch", e));
    }

    private static boolean isDenied(Throwable failure) {
        return failure instanceof CloudWatchException e
                && e.awsErrorDetails() != null
                && String.valueOf(e.awsErrorDetails().errorCode()).startsWith(DENIED);
    }
}
