package dev.flashstock.local.rehearsal;

import dev.flashstock.stock.Sku;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is to be rehearsed.
 *
 * @param sku the product that everybody wants; it is copied, and keeps its own stock
 * @param shoppers how many ask for one unit each
 * @param seconds in what time they come
 * @param design how the stock is kept
 * @param writeUnits the write units a second of each key; 10 unless set, which is 1 % of DynamoDB's
 */
public record RehearsalBody(
        @NotNull @Pattern(regexp = Sku.PATTERN) String sku,

        @Min(1) @Max(20_000) int shoppers,
        @Min(1) @Max(120) int seconds,
        @NotNull Design design,
        @Min(1) @Max(1_000) @Nullable Integer writeUnits) {
    private static final int WRITE_UNITS = 10;

    int writeUnitsOfAKey() {
        return writeUnits == null ? WRITE_UNITS : writeUnits;
    }
}
