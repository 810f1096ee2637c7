package dev.flashstock.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.flashstock.stock.Adjustment;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** One line of the answer to many adjustments. */
@Schema(
        name = "BulkAnswer",
        oneOf = {BulkAnswer.OfLine.class, BulkAnswer.Summary.class})
public sealed interface BulkAnswer {
    /**
     * What came of one line.
     *
     * @param line its number in the file, from 1
     * @param sku whose stock changed; null when it did not
     * @param status the HTTP status that the same adjustment has when it is sent alone
     * @param id the adjustment's id within the SKU; null when there is none
     * @param delta units; null when nothing changed
     * @param reason why; null when nothing changed
     * @param problem why nothing changed; else null
     */
    @RegisterForReflection
    @Schema(name = "BulkLine")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record OfLine(
            @Schema(examples = "1") long line,
            @Nullable @Schema(examples = "console") String sku,
            @Schema(examples = "201") int status,
            @Nullable String id,
            @Nullable @Schema(examples = "700") Long delta,
            Adjustment.@Nullable Reason reason,
            @Nullable Problem problem)
            implements BulkAnswer {
        boolean isDone() {
            return problem == null;
        }
    }

    /**
     * The end: every line before it has been answered.
     *
     * @param lines the number of the last line that was read whole, blank and skipped ones counted
     * @param done how many lines are in the stock, now or from an earlier time
     * @param failed how many lines have a problem
     * @param problem why the lines after these were not read; null when there are none
     */
    @RegisterForReflection
    @Schema(name = "BulkSummary")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Summary(
            @Schema(examples = "5000") long lines,
            @Schema(examples = "4999") long done,
            @Schema(examples = "1") long failed,
            @Nullable Problem problem)
            implements BulkAnswer {}

    static OfLine done(long line, Adjustment adjustment) {
        return new OfLine(
                line, adjustment.sku().value(), 201, adjustment.id(), adjustment.delta(), adjustment.reason(), null);
    }

    static OfLine failed(long line, Problem problem) {
        return new OfLine(line, null, problem.status(), null, null, null, problem);
    }
}
