package dev.flashstock.api;

import dev.flashstock.stock.Adjustment;
import dev.flashstock.stock.UserId;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.util.Optional;
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
        @NotNull @Min(-Adjustment.MAX_UNITS) @Max(Adjustment.MAX_UNITS) @Schema(examples = "700")
        Long delta,

        @NotNull @Schema(examples = "DELIVERY") Adjustment.Reason reason,

        @Nullable @Schema(description = "With the reason RETURN only: whose units come back")
        String user,

        @Nullable @Schema(description = "With the reason RETURN only: the reservation in which they were sold")
        String reservation) {

    /** Where sold units come back. */
    record Sale(UserId user, String reservation) {}

    long nonZeroDelta() {
        if (delta == 0) {
            throw new BadInput("delta", "NotZero", "must not be 0");
        }
        return delta;
    }

    /** In which sale units come back; nothing when this is no return. */
    Optional<Sale> sale() {
        if (reason == Adjustment.Reason.RETURN) {
            if (delta < 0) {
                throw new BadInput("delta", "Positive", "must be more than 0 with the reason RETURN");
            }
            UserId whose = BadInput.parsed("user", "Shape", BadInput.required("user", user), UserId::new);
            return Optional.of(new Sale(whose, BadInput.required("reservation", reservation)));
        }
        refuse("user", user);
        refuse("reservation", reservation);
        return Optional.empty();
    }

    private static void refuse(String field, @Nullable String value) {
        if (value != null) {
            throw new BadInput(field, "ReturnOnly", "is for the reason RETURN only");
        }
    }
}
