package dev.flashstock.api;

import dev.flashstock.stock.Counted;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * How often a product was viewed.
 *
 * @param sku its SKU
 * @param views how often, about
 * @param asOf when that was counted
 */
@RegisterForReflection
@Schema(name = "Views")
public record ViewCount(
        @Schema(examples = "console") String sku,
        @Schema(examples = "12345") long views,
        Instant asOf) {

    static ViewCount of(Counted counted) {
        return new ViewCount(counted.sku().value(), counted.count(), counted.asOf());
    }
}
