package dev.flashstock.inventory;

import dev.flashstock.heat.Insights;
import dev.flashstock.heat.RecentThrottles;
import dev.flashstock.heat.TableFigures;
import dev.flashstock.heat.TableName;
import dev.flashstock.heat.TableState;
import dev.flashstock.heat.TableVerdict;
import dev.flashstock.heat.TableVerdict.Unread;
import dev.flashstock.heat.ThrottledKey;
import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Refusal;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Use case: what is the matter with a table, any that the role may see. What may not be read, or does not answer, is named,
 * and the rest is told without it. Changes nothing.
 */
public final class TableDiagnoses {
    /** The most indexes whose throttled keys are looked for: those that were throttled most. */
    static final int MOST_INDEXES_WITH_KEYS = 3;

    private static final String DESCRIBE = "dynamodb:DescribeTable";
    private static final String INSIGHTS = "dynamodb:DescribeContributorInsights";

    private final Tables tables;
    private final Optional<TableMeter> cloudWatch;
    private final RecentThrottles own;

    /**
     * Wires the use case.
     *
     * @param tables describes tables
     * @param cloudWatch measures tables; empty: is not asked
     * @param own what was refused to this process
     */
    public TableDiagnoses(Tables tables, Optional<TableMeter> cloudWatch, RecentThrottles own) {
        this.tables = tables;
        this.cloudWatch = cloudWatch;
        this.own = own;
    }

    /** What was read, or why it was not. */
    private record Read<T>(Optional<T> value, Optional<Unread> gap) {
        static <T> Read<T> of(T value) {
            return new Read<>(Optional.of(value), Optional.empty());
        }

        static <T> Read<T> not(String action, Unread.Why why) {
            return new Read<>(Optional.empty(), Optional.of(new Unread(action, why)));
        }
    }

    /**
     * Diagnoses a table.
     *
     * @param table its name
     * @return the diagnosis, or {@link Refusal.UnknownTable}; fails with {@link Unavailable} when DynamoDB does not answer
     */
    public Uni<Outcome<TableDiagnosis>> diagnose(TableName table) {
        return tables.describe(table)
                .chain(described -> described.fold(
                        state -> examine(table, Read.of(state)),
                        refusal -> refusal instanceof Refusal.UnknownTable
                                ? Uni.createFrom().item(Outcome.refused(refusal))
                                : examine(table, Read.not(DESCRIBE, why(refusal)))));
    }

    private Uni<Outcome<TableDiagnosis>> examine(TableName table, Read<TableState> state) {
        return figures(table, state.value())
                .chain(figures -> insights(table, figures.value().orElseGet(() -> own.figures(table)))
                        .map(insights -> Outcome.done(diagnosis(table, state, figures, insights))));
    }

    private Uni<Read<TableFigures>> figures(TableName table, Optional<TableState> state) {
        List<String> indexes = state.map(TableState::indexes).orElse(List.of()).stream()
                .map(TableState.Index::name)
                .toList();
        return cloudWatch
                .map(meter -> read(TableMeter.FIGURES, meter.figures(table, indexes)))
                .orElseGet(() -> Uni.createFrom().item(Read.of(own.figures(table))));
    }

    /** What Contributor Insights tell of one table or index. */
    private record Named(@Nullable String index, Read<Insights> insights, Read<List<ThrottledKey>> keys) {}

    /** Of the table, and of the indexes that were throttled. Without CloudWatch they are not there. */
    private Uni<List<Named>> insights(TableName table, TableFigures figures) {
        if (cloudWatch.isEmpty()) {
            return Uni.createFrom().item(List.of());
        }
        TableMeter meter = cloudWatch.get();
        List<Uni<Named>> asked = Stream.concat(Stream.of(Optional.<String>empty()), throttledIndexes(figures))
                .map(index -> named(meter, table, index.orElse(null)))
                .toList();
        return Uni.join().all(asked).andFailFast();
    }

    private static Stream<Optional<String>> throttledIndexes(TableFigures figures) {
        return TableVerdict.of(figures).stream()
                .map(TableVerdict::index)
                .filter(Optional::isPresent)
                .distinct()
                .limit(MOST_INDEXES_WITH_KEYS);
    }

    private Uni<Named> named(TableMeter meter, TableName table, @Nullable String index) {
        return read(INSIGHTS, tables.insights(table, index))
                .chain(insights -> keys(meter, index, insights.value()).map(keys -> new Named(index, insights, keys)));
    }

    private Uni<Read<List<ThrottledKey>>> keys(TableMeter meter, @Nullable String index, Optional<Insights> insights) {
        List<Uni<Read<List<ThrottledKey>>>> reports =
                insights.map(Insights::rulesOfThrottles).orElse(List.of()).stream()
                        .map(rule -> read(TableMeter.KEYS, meter.throttledKeys(index, rule)))
                        .toList();
        return reports.isEmpty()
                ? Uni.createFrom().item(Read.of(List.of()))
                : Uni.join().all(reports).andFailFast().map(TableDiagnoses::together);
    }

    private static Read<List<ThrottledKey>> together(List<Read<List<ThrottledKey>>> reports) {
        return new Read<>(
                Optional.of(reports.stream()
                        .flatMap(it -> it.value().stream())
                        .flatMap(List::stream)
                        .toList()),
                reports.stream().flatMap(it -> it.gap().stream()).findFirst());
    }

    private TableDiagnosis diagnosis(
            TableName table, Read<TableState> state, Read<TableFigures> measured, List<Named> named) {
        TableFigures figures = measured.value().orElseGet(() -> own.figures(table));
        List<TableVerdict> verdicts = new ArrayList<>(TableVerdict.of(figures));
        Stream.of(
                        state.gap().stream(),
                        measured.gap().stream(),
                        named.stream().flatMap(it -> it.insights().gap().stream()),
                        named.stream().flatMap(it -> it.keys().gap().stream()))
                .flatMap(it -> it)
                .distinct()
                .forEach(verdicts::add);
        return new TableDiagnosis(
                table,
                state.value().orElse(null),
                figures,
                named.stream()
                        .filter(it -> it.index() == null)
                        .flatMap(it -> it.insights().value().stream())
                        .findFirst()
                        .orElse(null),
                named.stream()
                        .flatMap(it -> it.keys().value().stream())
                        .flatMap(List::stream)
                        .toList(),
                List.copyOf(verdicts));
    }

    private static <T> Uni<Read<T>> read(String action, Uni<Outcome<T>> question) {
        return question.map(answer -> answer.fold(Read::of, refusal -> Read.<T>not(action, why(refusal))))
                .onFailure(Unavailable.class)
                .recoverWithItem(() -> Read.not(action, Unread.Why.NOT_REACHED));
    }

    private static Unread.Why why(Refusal refusal) {
        return refusal instanceof Refusal.ActionNotAllowed ? Unread.Why.DENIED : Unread.Why.NOT_SUPPORTED;
    }
}
