package dev.flashstock.api;

import dev.flashstock.stock.Adjustment;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A change of stock as it is recorded.
 *
 * @param id its id within the SKU
 * @param sku whose stock changed
 * @param delta units
 * @param reason why
 * @param adjustedAt when
 */
@RegisterForReflection
@Schema(name = "Adjustment")
public record AdjustmentView(
        String id,
        @Schema(examples = "console") String sku,
        @Schema(examples = "700") long delta,
        Adjustment.Reason reason,
        Instant adjustedAt) {

    static AdjustmentView of(Adjustment adjustment) {
        return new AdjustmentView(
                adjustment.id(),
                adjustment.sku().value(),
                adjustment.delta(),
                adjustment.reason(),
                adjustment.adjustedAt());
    }
}
