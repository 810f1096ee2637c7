package dev.flashstock.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.flashstock.heat.TableFix;
import dev.flashstock.heat.TableName;
import dev.flashstock.inventory.TableFixes;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What of a table was changed, or would be.
 *
 * @param table its name
 * @param outcome whether something was changed
 * @param before what there was
 * @param after what there will be; left out when there is nothing to do
 * @param request what was sent to DynamoDB, or would be
 * @param rules what it costs, and what AWS says of it
 */
@RegisterForReflection
@Schema(name = "TableFix")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TableFixView(
        @Schema(examples = "flashstock") String table,
        Outcome outcome,
        Map<String, Object> before,
        @Nullable Map<String, Object> after,
        @Nullable Request request,
        @Nullable List<String> rules) {

    /** Whether something was changed. */
    @Schema(name = "TableFixOutcome")
    public enum Outcome {
        /** Nothing was changed: say confirm=true. */
        DRY_RUN,
        /** DynamoDB has begun to change it. */
        CHANGED,
        /** It is so already. */
        NOTHING_TO_DO
    }

    /**
     * A request to DynamoDB.
     *
     * @param operation its name
     * @param parameters as DynamoDB spells them
     */
    @RegisterForReflection
    @Schema(name = "TableFixRequest")
    public record Request(@Schema(examples = "UpdateTable") String operation, Map<String, Object> parameters) {}

    static TableFixView of(TableName table, TableFixes.Fixed fixed) {
        if (fixed.plan() instanceof TableFix.Change it) {
            return new TableFixView(
                    table.value(),
                    fixed.done() ? Outcome.CHANGED : Outcome.DRY_RUN,
                    it.before(),
                    it.after(),
                    new Request(it.request().operation(), it.request().parameters()),
                    it.rules());
        }
        return new TableFixView(
                table.value(), Outcome.NOTHING_TO_DO, fixed.plan().before(), null, null, null);
    }
}
