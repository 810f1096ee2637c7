package dev.flashstock.api;

import dev.flashstock.inventory.ReservationIds;
import dev.flashstock.stock.Adjustment;
import dev.flashstock.stock.IdempotencyKey;
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
 * A change of stock as one line of many asks for it.
 *
 * @param sku whose stock changes
 * @param delta units, not 0
 * @param reason why
 * @param key the line's own idempotency key; null: it is made of the request's and the line's number
 * @param user whose units come back; required of a return, and of nothing else
 * @param reservation in which they were sold; required of a return, and of nothing else
 */
@RegisterForReflection
@Schema(name = "AdjustmentLine")
public record AdjustmentLine(
        @NotNull @Schema(pattern = Sku.PATTERN, maxLength = Sku.MAX_LENGTH, examples = "console")
        String sku,

        @NotNull
        @Min(-Adjustment.MAX_UNITS)
        @Max(Adjustment.MAX_UNITS)
        @Schema(examples = "700", description = "Not 0; of a RETURN more than 0")
        Long delta,

        @NotNull @Schema(examples = "DELIVERY") AskedReason reason,

        @Nullable @Schema(pattern = IdempotencyKey.PATTERN, maxLength = IdempotencyKey.MAX_LENGTH, examples = "po-17-1")
        String key,

        @Nullable
        @Schema(
                minLength = 1,
                maxLength = UserId.MAX_LENGTH,
                description = "With the reason RETURN only: whose units come back")
        String user,

        @Nullable @Schema(description = "With the reason RETURN only: the reservation in which they were sold")
        String reservation) {

    /**
     * What the line asks for, as if it were sent alone.
     *
     * @throws BadInput when it cannot be asked for
     */
    Adjustment adjustment(@Nullable IdempotencyKey derived, Instant now, UserId by, ReservationIds ids) {
        return new AdjustmentBody(delta, reason, user, reservation)
                .adjustment(BadInput.parsed("sku", "Shape", sku, Sku::new), keyOr(derived), now, by, ids)
                .fold(it -> it, refusal -> {
                    throw new BadInput(Refusals.problem(refusal));
                });
    }

    /** The line's own key, or the one that it gets. */
    private IdempotencyKey keyOr(@Nullable IdempotencyKey derived) {
        if (key != null) {
            return BadInput.parsed("key", "Shape", key, IdempotencyKey::new);
        }
        if (derived == null) {
            throw new BadInput("key", "Required", "is required where the request has no Idempotency-Key");
        }
        return derived;
    }
}
