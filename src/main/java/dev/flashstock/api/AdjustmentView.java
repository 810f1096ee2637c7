package dev.flashstock.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.flashstock.inventory.ReservationIds;
import dev.flashstock.stock.Adjustment;
import dev.flashstock.stock.Reservation;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A change of stock as it is recorded.
 *
 * @param id its id within the SKU
 * @param sku whose stock changed
 * @param delta units
 * @param reason why
 * @param adjustedAt when
 * @param user whose units have come back; left out unless it is a return
 * @param reservation in which they were sold; left out unless it is a return
 */
@RegisterForReflection
@Schema(name = "Adjustment")
public record AdjustmentView(
        String id,
        @Schema(examples = "console") String sku,
        @Schema(examples = "700") long delta,
        Adjustment.Reason reason,
        Instant adjustedAt,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Schema(examples = "alice") @Nullable
        String user,

        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Schema(examples = "console.Zk3x0q9Hh2Yw8tRu.Qm4vTz1LwE7cXpB0")
        @Nullable
        String reservation) {

    static AdjustmentView of(Adjustment adjustment, ReservationIds ids) {
        Reservation.Key sale = adjustment.reservation();
        return new AdjustmentView(
                adjustment.id(),
                adjustment.sku().value(),
                adjustment.delta(),
                adjustment.reason(),
                adjustment.adjustedAt(),
                sale == null ? null : sale.user().value(),
                sale == null ? null : ids.seal(sale.user(), sale.id()));
    }
}
