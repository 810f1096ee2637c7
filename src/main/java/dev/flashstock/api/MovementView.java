package dev.flashstock.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.flashstock.inventory.ReservationIds;
import dev.flashstock.stock.Movement;
import dev.flashstock.stock.Reservation;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A movement as it is shown.
 *
 * @param id its id
 * @param at when
 * @param sku whose stock
 * @param change the units that came; less than 0: those that went; 0 for a move
 * @param shards what became of each shard
 * @param lines why
 */
@RegisterForReflection
@Schema(name = "Movement")
public record MovementView(
        @Schema(examples = "0b1d8f6e-3c52-4b0e-9b7a-4a1f6f0c2d11")
        String id,

        Instant at,
        @Schema(examples = "console") String sku,
        @Schema(examples = "-3") long change,
        List<Change> shards,
        List<Line> lines) {

    /**
     * What became of a shard.
     *
     * @param shard its number
     * @param units those that it was given; less than 0: those that were taken
     */
    @RegisterForReflection
    @Schema(name = "ShardChange")
    public record Change(
            @Schema(examples = "7") int shard,
            @Schema(examples = "-3") long units) {}

    /**
     * One reason. What does not apply is left out.
     *
     * @param kind of what kind
     * @param units those that came; less than 0: those that went
     * @param user whose reservation
     * @param reservation its id
     * @param by who did it by hand
     * @param reason why, in the words of whoever did it
     */
    @RegisterForReflection
    @Schema(name = "MovementLine")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Line(
            Movement.Kind kind,
            @Schema(examples = "-1") long units,
            @Schema(examples = "alice") @Nullable String user,

            @Schema(examples = "console.Zk3x0q9Hh2Yw8tRu.Qm4vTz1LwE7cXpB0") @Nullable
            String reservation,

            @Nullable String by,
            @Nullable String reason) {

        static Line of(Movement.Line line, ReservationIds ids) {
            Reservation.Key reservation = line.reservation();
            return new Line(
                    line.kind(),
                    line.units(),
                    reservation == null ? null : reservation.user().value(),
                    reservation == null ? null : ids.seal(reservation.user(), reservation.id()),
                    line.by() == null ? null : line.by().value(),
                    line.reason());
        }
    }

    static MovementView of(Movement movement, ReservationIds ids) {
        return new MovementView(
                movement.id(),
                movement.at(),
                movement.sku().value(),
                movement.changes().stream().mapToLong(Movement.Change::units).sum(),
                movement.changes().stream()
                        .map(it -> new Change(it.shard(), it.units()))
                        .toList(),
                movement.lines().stream().map(it -> Line.of(it, ids)).toList());
    }
}
