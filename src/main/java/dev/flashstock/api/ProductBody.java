package dev.flashstock.api;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import dev.flashstock.sharding.Layout;
import dev.flashstock.stock.Price;
import dev.flashstock.stock.Product;
import dev.flashstock.stock.Sku;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.time.Instant;
import java.util.Currency;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A product as its owner writes it.
 *
 * @param name for people
 * @param priceMinor the price of one unit, in the currency's minor unit
 * @param currency an ISO 4217 code
 * @param status whether it is for sale
 * @param startsAt when the sale begins; null: it has begun
 * @param endsAt when the sale ends; null: it does not
 * @param shards how many shards a new product gets; says nothing of one that exists
 * @param holdSeconds how long a reservation is held
 * @param perUserLimit the most units that one user may hold and have bought; null: as many as there are
 */
@RegisterForReflection
@Schema(name = "ProductBody")
public record ProductBody(
        @NotBlank
        @Size(max = 200)
        @Pattern(regexp = "[^\\x00-\\x1F\\x7F]*", message = "must not contain control characters")
        @Schema(minLength = 1, examples = "Game console", description = "Not blank")
        String name,

        @NotNull @Min(0) @Max(Price.MAX_MINOR_UNITS) @Schema(examples = "49900")
        Long priceMinor,

        @NotNull @Pattern(regexp = "[A-Z]{3}") @Schema(examples = "EUR", description = "A currency of ISO 4217")
        String currency,

        @NotNull @Schema(examples = "ON_SALE") Product.Status status,

        @Nullable
        @JsonDeserialize(using = TimeText.class)
        @Schema(type = SchemaType.STRING, format = "date-time", examples = "2026-11-27T09:00:00Z")
        Instant startsAt,

        @Nullable
        @JsonDeserialize(using = TimeText.class)
        @Schema(
                type = SchemaType.STRING,
                format = "date-time",
                description = "After startsAt",
                examples = "2026-11-27T10:00:00Z")
        Instant endsAt,

        @Nullable @Min(1) @Max(Layout.MAX_SHARDS) @Schema(examples = "10", defaultValue = "10")
        Integer shards,

        @Nullable @Min(1) @Max(MAX_HOLD_SECONDS) @Schema(examples = "600", defaultValue = "600")
        Integer holdSeconds,

        @Nullable @Min(1) @Max(Product.MAX_PER_USER) @Schema(examples = "2")
        Integer perUserLimit) {

    static final long MAX_HOLD_SECONDS = 86_400;
    private static final int DEFAULT_HOLD_SECONDS = 600;
    private static final Instant EARLIEST = Instant.parse("2000-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

    /** The product that this describes; its fields are valid one by one. */
    Product product(Sku sku, String revision) {
        checkTime("startsAt", startsAt);
        checkTime("endsAt", endsAt);
        if (startsAt != null && endsAt != null && !endsAt.isAfter(startsAt)) {
            throw new BadInput("endsAt", "After", "must be after startsAt");
        }
        return new Product(
                sku,
                name,
                new Price(priceMinor, knownCurrency()),
                status,
                startsAt,
                endsAt,
                Duration.ofSeconds(holdSeconds == null ? DEFAULT_HOLD_SECONDS : holdSeconds),
                perUserLimit,
                revision);
    }

    int shardsOrDefault() {
        return shards == null ? Layout.DEFAULT_SHARDS : shards;
    }

    private Currency knownCurrency() {
        try {
            return Currency.getInstance(currency);
        } catch (IllegalArgumentException e) {
            throw new BadInput("currency", "Currency", "must be a currency of ISO 4217");
        }
    }

    private static void checkTime(String field, @Nullable Instant time) {
        if (time != null && (time.isBefore(EARLIEST) || time.isAfter(LATEST))) {
            throw new BadInput(field, "Range", "must be between " + EARLIEST + " and " + LATEST);
        }
    }
}
