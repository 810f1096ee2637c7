package dev.flashstock.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.flashstock.heat.Check;
import dev.flashstock.heat.ComingSale;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Whether a coming sale can be borne.
 *
 * @param sku what is sold
 * @param peak reservations a second
 * @param startsAt when the crowd is expected
 * @param status the worst of the checks
 * @param checks what was looked at
 */
@RegisterForReflection
@Schema(name = "Preflight")
public record PreflightView(
        @Schema(examples = "console") String sku,
        @Schema(examples = "8000") int peak,
        Instant startsAt,
        @Schema(enumeration = {"pass", "warn", "fail"}) String status,
        List<Item> checks) {

    /**
     * One thing that was looked at.
     *
     * @param name what
     * @param status how it is
     * @param says what was found
     * @param remedy what helps; left out: nothing is to be done
     */
    @RegisterForReflection
    @Schema(name = "PreflightCheck")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Item(
            @Schema(examples = "layout") String name,
            @Schema(enumeration = {"pass", "warn", "fail"}) String status,
            String says,
            @Nullable String remedy) {}

    static PreflightView of(ComingSale sale) {
        List<Check> checks = sale.checks();
        Check.Status worst = checks.stream()
                .map(Check::status)
                .max(Comparator.naturalOrder())
                .orElse(Check.Status.PASS);
        return new PreflightView(
                sale.product().sku().value(),
                sale.peak(),
                sale.startsAt(),
                word(worst),
                checks.stream()
                        .map(it -> new Item(it.name(), word(it.status()), it.says(), it.remedy()))
                        .toList());
    }

    private static String word(Check.Status status) {
        return status.name().toLowerCase(Locale.ROOT);
    }
}
