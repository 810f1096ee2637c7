package dev.flashstock.api;

import dev.flashstock.inventory.ReservationIds;
import dev.flashstock.stock.Adjustment;
import dev.flashstock.stock.IdempotencyKey;
import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Refusal;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.UserId;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A change of stock as it is asked for.
 *
 * @param delta units, not 0; of a return more than 0
 * @param reason why
 * @param user whose units come back; required of a return, and of nothing else
 * @param reservation in which they were sold; required of a return, and of nothing else
 */
@RegisterForReflection
@Schema(name = "AdjustmentBody")
public record AdjustmentBody(
        @NotNull
        @Min(-Adjustment.MAX_UNITS)
        @Max(Adjustment.MAX_UNITS)
        @Schema(examples = "700", description = "Not 0; of a RETURN more than 0")
        Long delta,

        @NotNull @Schema(examples = "DELIVERY") AskedReason reason,

        @Nullable
        @Schema(
                minLength = 1,
                maxLength = UserId.MAX_LENGTH,
                description = "With the reason RETURN only: whose units come back")
        String user,

        @Nullable @Schema(description = "With the reason RETURN only: the reservation in which they were sold")
        String reservation) {

    /** What is asked for; refused when the reservation of a return is not one. */
    Outcome<Adjustment> adjustment(Sku sku, IdempotencyKey key, Instant now, UserId by, ReservationIds ids) {
        String id = Adjustment.idFor(sku, key);
        long units = nonZeroDelta();
        if (reason != AskedReason.RETURN) {
            refuse("user", user);
            refuse("reservation", reservation);
            return Outcome.done(new Adjustment(id, sku, units, reason.asRecorded(), now, by, null));
        }
        if (units < 0) {
            throw new BadInput("delta", "Positive", "must be more than 0 with the reason RETURN");
        }
        UserId whose = BadInput.parsed("user", "Shape", BadInput.required("user", user), UserId::new);
        return ids.open(whose, BadInput.required("reservation", reservation))
                .filter(it -> it.sku().equals(sku))
                .map(it -> new Reservation.Key(whose, it))
                .map(it -> Outcome.done(new Adjustment(id, sku, units, reason.asRecorded(), now, by, it)))
                .orElseGet(() -> Outcome.refused(new Refusal.UnknownReservation()));
    }

    private long nonZeroDelta() {
        if (delta == 0) {
            throw new BadInput("delta", "NotZero", "must not be 0");
        }
        return delta;
    }

    private static void refuse(String field, @Nullable String value) {
        if (value != null) {
            throw new BadInput(field, "ReturnOnly", "is for the reason RETURN only");
        }
    }
}
