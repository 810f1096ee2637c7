package dev.flashstock.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.flashstock.inventory.Listing;
import dev.flashstock.stock.Product;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A product as it is shown.
 *
 * @param sku its SKU
 * @param name for people
 * @param priceMinor the price of one unit, in the currency's minor unit
 * @param currency an ISO 4217 code
 * @param status whether it is for sale
 * @param startsAt when the sale begins; null: it has begun
 * @param endsAt when the sale ends; null: it does not
 * @param shards how many shards take writes; left out in lists
 * @param holdSeconds how long a reservation is held
 * @param perUserLimit the most units that one user may hold and have bought; null: as many as there are
 */
@RegisterForReflection
@Schema(name = "Product")
public record ProductView(
        @Schema(examples = "console") String sku,
        @Schema(examples = "Game console") String name,
        @Schema(examples = "49900") long priceMinor,
        @Schema(examples = "EUR") String currency,
        Product.Status status,
        @Nullable Instant startsAt,
        @Nullable Instant endsAt,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Schema(examples = "10") @Nullable
        Integer shards,

        @Schema(examples = "600") long holdSeconds,
        @Nullable Integer perUserLimit) {

    static ProductView of(Listing listing) {
        return of(listing.product(), listing.layout().writeShards());
    }

    static ProductView of(Product product) {
        return of(product, null);
    }

    private static ProductView of(Product product, @Nullable Integer shards) {
        return new ProductView(
                product.sku().value(),
                product.name(),
                product.price().minorUnits(),
                product.price().currency().getCurrencyCode(),
                product.status(),
                product.startsAt(),
                product.endsAt(),
                shards,
                product.holdTime().toSeconds(),
                product.perUserLimit());
    }
}
