package dev.flashstock.api;

import dev.flashstock.stock.Quantity;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A reservation as it is asked for.
 *
 * @param quantity units
 */
@RegisterForReflection
@Schema(name = "ReservationBody")
public record ReservationBody(
        @NotNull @Min(Quantity.MIN) @Max(Quantity.MAX) @Schema(examples = "1")
        Integer quantity) {}
