package dev.flashstock.inventory;

import dev.flashstock.heat.TableFigures;
import dev.flashstock.heat.TableName;
import dev.flashstock.heat.TableState;
import dev.flashstock.heat.ThrottledKey;
import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Refusal;
import io.smallrye.mutiny.Uni;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Port: what was measured of any table. Whatever is asked may be refused with {@link Refusal.ActionNotAllowed}, and fails
 * with {@link Unavailable}.
 */
public interface TableMeter {
    /** What it takes to read figures, as IAM spells it. */
    String FIGURES = "cloudwatch:GetMetricData";

    /** What it takes to read which keys are throttled, as IAM spells it. */
    String KEYS = "cloudwatch:GetInsightRuleReport";

    /** The most keys that are named by one rule. */
    int MOST_KEYS = 10;

    /**
     * Reads figures of the last minutes.
     *
     * @param table the table's name, also of one that there is not
     * @param indexes the names of its indexes, at most {@value TableState#MOST_INDEXES}
     * @return the figures
     */
    Uni<Outcome<TableFigures>> figures(TableName table, List<String> indexes);

    /**
     * Reads which keys were throttled in the last minutes.
     *
     * @param index what the rule is about, for the answer; null: the table itself
     * @param rule the rule's name
     * @return at most {@value #MOST_KEYS}, the one throttled most first
     */
    Uni<Outcome<List<ThrottledKey>>> throttledKeys(@Nullable String index, String rule);
}
