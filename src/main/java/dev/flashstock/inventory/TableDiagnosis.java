package dev.flashstock.inventory;

import dev.flashstock.heat.Insights;
import dev.flashstock.heat.TableFigures;
import dev.flashstock.heat.TableName;
import dev.flashstock.heat.TableState;
import dev.flashstock.heat.TableVerdict;
import dev.flashstock.heat.ThrottledKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is the matter with a table, and all that this is concluded from.
 *
 * @param table its name
 * @param state how it is described; null: could not be read
 * @param figures what was measured
 * @param insights its Contributor Insights; null: could not be read
 * @param keys which keys were throttled, where that is known
 * @param verdicts at least one
 */
public record TableDiagnosis(
        TableName table,
        @Nullable TableState state,
        TableFigures figures,
        @Nullable Insights insights,
        List<ThrottledKey> keys,
        List<TableVerdict> verdicts) {}
