package dev.flashstock.inventory;

import dev.flashstock.heat.Insights;
import dev.flashstock.heat.Quotas;
import dev.flashstock.heat.TableFix;
import dev.flashstock.heat.TableName;
import dev.flashstock.heat.TableState;
import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Refusal;
import io.smallrye.mutiny.Uni;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Port: any table that this process may see, as DynamoDB describes it. Whatever is asked may be refused with {@link
 * Refusal.ActionNotAllowed} or {@link Refusal.ActionNotSupported}, of a table also with {@link Refusal.UnknownTable}, and
 * fails with {@link Unavailable}.
 */
public interface Tables {
    /**
     * Describes a table.
     *
     * @param table its name
     * @return the table as it is
     */
    Uni<Outcome<TableState>> describe(TableName table);

    /**
     * Describes the Contributor Insights of a table or of an index.
     *
     * @param table the table's name
     * @param index the index's name; null: of the table itself
     * @return how they are
     */
    Uni<Outcome<Insights>> insights(TableName table, @Nullable String index);

    /**
     * Tells what the account may give a table.
     *
     * @return the quotas
     */
    Uni<Outcome<Quotas>> quotas();

    /**
     * Changes a table. What is so already may be refused too.
     *
     * @param table the table as it was seen
     * @param fix what to change
     * @return nothing when DynamoDB has begun to change it; or also {@link Refusal.TableBusy}, {@link
     *     Refusal.TableChangeLimited}, {@link Refusal.TableChangeRefused}
     */
    Uni<Optional<Refusal>> change(TableState table, TableFix.OfTable fix);

    /**
     * Has throttled keys named.
     *
     * @param table the table
     * @return as {@link #change}
     */
    Uni<Optional<Refusal>> nameThrottledKeys(TableName table);
}
