package dev.flashstock.api;

import dev.flashstock.stock.Counted;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * How many users like a product.
 *
 * @param sku its SKU
 * @param likes how many
 * @param asOf when they were counted
 */
@RegisterForReflection
@Schema(name = "Likes")
public record LikeCount(
        @Schema(examples = "console") String sku,
        @Schema(examples = "321") long likes,
        Instant asOf) {

    static LikeCount of(Counted counted) {
        return new LikeCount(counted.sku().value(), counted.count(), counted.asOf());
    }
}
