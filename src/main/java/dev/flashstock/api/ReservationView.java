package dev.flashstock.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.flashstock.inventory.ReservationIds;
import dev.flashstock.stock.Quantity;
import dev.flashstock.stock.Reservation;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A reservation as it is shown.
 *
 * @param id its id
 * @param sku what is reserved
 * @param quantity units; null while it is queued, and when it was cancelled then
 * @param user whom it is for
 * @param status where it is in its life
 * @param createdAt when it was asked for; null while it is queued
 * @param expiresAt until when the units are held; null when they never were
 * @param paymentReference how it was paid; left out when nothing was said
 * @param returned units that have come back after they were sold; left out when none have
 * @param reason why it was rejected; left out when it was not
 */
@RegisterForReflection
@Schema(name = "Reservation")
public record ReservationView(
        @Schema(examples = "console.Zk3x0q9Hh2Yw8tRu.Qm4vTz1LwE7cXpB0")
        String id,

        @Schema(examples = "console") String sku,
        @Schema(examples = "1") @Nullable Integer quantity,
        @Schema(examples = "alice") String user,
        Reservation.Status status,
        @Nullable Instant createdAt,
        @Nullable Instant expiresAt,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Schema(examples = "pi_123") @Nullable
        String paymentReference,

        @JsonInclude(JsonInclude.Include.NON_DEFAULT) @Schema(examples = "1")
        int returned,

        @JsonInclude(JsonInclude.Include.NON_NULL) Reservation.@Nullable Reason reason) {

    static ReservationView of(Reservation reservation, ReservationIds ids) {
        Quantity quantity = reservation.quantity();
        Reservation.Rejection rejection = reservation.rejection();
        return new ReservationView(
                ids.seal(reservation.user(), reservation.id()),
                reservation.sku().value(),
                quantity == null ? null : quantity.units(),
                reservation.user().value(),
                reservation.status(),
                reservation.createdAt(),
                reservation.expiresAt(),
                reservation.paymentReference(),
                reservation.returned(),
                rejection == null ? null : rejection.reason());
    }
}
