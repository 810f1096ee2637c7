package dev.flashstock.api;

import dev.flashstock.stock.StockLevel;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * How many units are left.
 *
 * @param sku the SKU
 * @param available units that can be reserved
 * @param asOf when they were counted
 * @param source who told: {@code pod}, {@code redis}, {@code shards} or {@code summary}
 */
@RegisterForReflection
@Schema(name = "Stock")
public record StockView(
        @Schema(examples = "console") String sku,
        @Schema(examples = "700") long available,
        Instant asOf,

        @Schema(
                examples = "redis",
                enumeration = {"pod", "redis", "shards", "summary"})
        String source) {

    static StockView of(StockLevel level) {
        return new StockView(level.sku().value(), level.available(), level.asOf(), word(level.source()));
    }

    static String word(StockLevel.Source source) {
        return source.name().toLowerCase(Locale.ROOT);
    }
}
