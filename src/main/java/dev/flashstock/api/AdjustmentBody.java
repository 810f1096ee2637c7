package dev.flashstock.api;

import dev.flashstock.stock.Adjustment;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A change of stock as it is asked for.
 *
 * @param delta units, not 0
 * @param reason why
 */
@RegisterForReflection
@Schema(name = "AdjustmentBody")
public record AdjustmentBody(
        @NotNull @Min(-Adjustment.MAX_UNITS) @Max(Adjustment.MAX_UNITS) @Schema(examples = "700")
        Long delta,

        @NotNull @Schema(examples = "DELIVERY") Adjustment.Reason reason) {

    long nonZeroDelta() {
        if (delta == 0) {
            throw new BadInput("delta", "NotZero", "must not be 0");
        }
        return delta;
    }
}
