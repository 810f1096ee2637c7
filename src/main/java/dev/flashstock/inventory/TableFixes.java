package dev.flashstock.inventory;

import dev.flashstock.heat.TableFix;
import dev.flashstock.heat.TableName;
import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Refusal;
import io.smallrye.mutiny.Uni;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Use case: changes a table, after it was seen what that would change. Asked twice, it changes once: the second time there
 * is nothing to do, or the table is still being changed.
 */
public final class TableFixes {
    private final Tables tables;

    /**
     * Wires the use case.
     *
     * @param tables the tables
     */
    public TableFixes(Tables tables) {
        this.tables = tables;
    }

    /**
     * What came of it.
     *
     * @param plan what there is to change
     * @param done whether DynamoDB has begun to change it
     */
    public record Fixed(TableFix.Plan plan, boolean done) {}

    /**
     * Changes a table.
     *
     * @param table its name
     * @param fix what to change
     * @param confirmed whether to do so; else it is only told what would change
     * @return what was or would be changed; or {@link Refusal.UnknownTable}, {@link Refusal.ActionNotAllowed}, {@link
     *     Refusal.ActionNotSupported}, {@link Refusal.TableBusy}, {@link Refusal.TableChangeLimited}, {@link
     *     Refusal.TableChangeRefused}
     */
    public Uni<Outcome<Fixed>> fix(TableName table, TableFix fix, boolean confirmed) {
        if (fix instanceof TableFix.OfTable it) {
            return tables.describe(table)
                    .chain(seen -> seen.fold(
                            state -> it.plan(state)
                                    .fold(
                                            plan -> carryOut(plan, confirmed, () -> tables.change(state, it)),
                                            TableFixes::refused),
                            TableFixes::refused));
        }
        TableFix.NameThrottledKeys it = (TableFix.NameThrottledKeys) fix;
        return tables.insights(table, null)
                .chain(seen -> seen.fold(
                        insights ->
                                carryOut(it.plan(table, insights), confirmed, () -> tables.nameThrottledKeys(table)),
                        TableFixes::refused));
    }

    private static Uni<Outcome<Fixed>> carryOut(
            TableFix.Plan plan, boolean confirmed, Supplier<Uni<Optional<Refusal>>> change) {
        if (!confirmed || plan instanceof TableFix.Nothing) {
            return Uni.createFrom().item(Outcome.done(new Fixed(plan, false)));
        }
        return change.get()
                .map(refusal ->
                        refusal.map(Outcome::<Fixed>refused).orElseGet(() -> Outcome.done(new Fixed(plan, true))));
    }

    private static Uni<Outcome<Fixed>> refused(Refusal refusal) {
        return Uni.createFrom().item(Outcome.refused(refusal));
    }
}
