package dev.flashstock.api;

import dev.flashstock.sharding.Layout;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * How many shards a SKU is to have.
 *
 * @param shards how many
 */
@RegisterForReflection
@Schema(name = "LayoutBody")
public record LayoutBody(
        @NotNull @Min(1) @Max(Layout.MAX_SHARDS) @Schema(examples = "20")
        Integer shards) {}
