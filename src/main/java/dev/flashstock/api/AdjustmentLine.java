package dev.flashstock.api;

import dev.flashstock.stock.Adjustment;
import dev.flashstock.stock.IdempotencyKey;
import dev.flashstock.stock.Sku;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A change of stock as one line of many asks for it.
 *
 * @param sku whose stock changes
 * @param delta units, not 0
 * @param reason why
 * @param key the line's own idempotency key; null: it is made of the request's and the line's number
 */
@RegisterForReflection
@Schema(name = "AdjustmentLine")
public record AdjustmentLine(
        @NotNull @Schema(examples = "console") String sku,

        @NotNull @Min(-Adjustment.MAX_UNITS) @Max(Adjustment.MAX_UNITS) @Schema(examples = "700")
        Long delta,

        @NotNull @Schema(examples = "DELIVERY") Adjustment.Reason reason,
        @Nullable @Schema(examples = "po-17-1") String key) {

    Sku validSku() {
        return valid("sku", sku, Sku::new);
    }

    long nonZeroDelta() {
        return new AdjustmentBody(delta, reason).nonZeroDelta();
    }

    /** The line's own key, or the one that it gets. */
    IdempotencyKey keyOr(@Nullable IdempotencyKey derived) {
        if (key != null) {
            return valid("key", key, IdempotencyKey::new);
        }
        if (derived == null) {
            throw new BadInput("key", "Required", "is required where the request has no Idempotency-Key");
        }
        return derived;
    }

    private static <T> T valid(String field, String value, Function<String, T> parse) {
        try {
            return parse.apply(value);
        } catch (IllegalArgumentException e) {
            throw new BadInput(field, "Shape", "is not valid: " + e.getMessage());
        }
    }
}
