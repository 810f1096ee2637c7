package dev.flashstock.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.flashstock.inventory.AuditRun;
import dev.flashstock.inventory.Audits;
import dev.flashstock.inventory.ReservationIds;
import dev.flashstock.stock.Audit;
import dev.flashstock.stock.Discrepancy;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.Sku;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The last result of an audit, and the state of the last run. What there is not is left out: all figures, as long as
 * there is no result.
 *
 * @param sku whose books
 * @param state whether the last run goes on
 * @param startedAt when the result's counting began; of the run, when there is no result
 * @param finishedAt when it ended
 * @param stocked units ever stocked, other than by repairs
 * @param available units in stock
 * @param held units of reservations that are held
 * @param confirmed units of reservations that are sold
 * @param difference units that should be in stock and are not; less than 0: that are there and should not be
 * @param inFlight units that were brought or taken while it was counted
 * @param repaired units that repairs have brought, ever
 * @param differenceRepaired whether this difference was repaired since
 * @param searched whether the whole table was searched for reservations that the ledger does not know
 * @param movements how many the ledger has
 * @param differences what is wrong
 * @param moreDifferences how many more there are
 * @param progress while it is counted: how many movements were read, some of them a second time
 * @param failure why the last run failed
 */
@RegisterForReflection
@Schema(name = "Audit")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AuditView(
        @Schema(examples = "console") String sku,
        AuditRun.State state,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        @Schema(examples = "700") @Nullable Long stocked,
        @Schema(examples = "120") @Nullable Long available,
        @Schema(examples = "30") @Nullable Long held,
        @Schema(examples = "550") @Nullable Long confirmed,
        @Schema(examples = "0") @Nullable Long difference,
        @Schema(examples = "0") @Nullable Long inFlight,
        @Schema(examples = "0") @Nullable Long repaired,
        @Nullable Boolean differenceRepaired,
        @Nullable Boolean searched,
        @Schema(examples = "431") @Nullable Long movements,
        @Nullable List<Difference> differences,
        @Nullable Long moreDifferences,
        @Nullable Long progress,
        @Nullable String failure) {

    /**
     * One thing that is wrong.
     *
     * @param kind what
     * @param units what it adds to the difference
     * @param user whose reservation
     * @param reservation its id
     * @param adjustment the adjustment's id
     */
    @RegisterForReflection
    @Schema(name = "AuditDifference")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Difference(
            Discrepancy.Kind kind,
            @Schema(examples = "2") long units,
            @Schema(examples = "alice") @Nullable String user,

            @Schema(examples = "console.Zk3x0q9Hh2Yw8tRu.Qm4vTz1LwE7cXpB0") @Nullable
            String reservation,

            @Nullable String adjustment) {

        static Difference of(Discrepancy it, ReservationIds ids) {
            Reservation.Key reservation = it.reservation();
            return new Difference(
                    it.kind(),
                    it.units(),
                    reservation == null ? null : reservation.user().value(),
                    reservation == null ? null : ids.seal(reservation.user(), reservation.id()),
                    it.adjustment());
        }
    }

    static AuditView of(Sku sku, Audits.Seen seen, ReservationIds ids) {
        AuditRun run = seen.run();
        Audit audit = seen.audit();
        AuditRun.State state = run == null ? AuditRun.State.DONE : run.state();
        Long progress = run != null && state == AuditRun.State.RUNNING ? run.progress() : null;
        String failure = run == null ? null : run.failure();
        Instant begun = run == null ? null : run.startedAt();
        return audit == null
                ? new AuditView(
                        sku.value(),
                        state,
                        begun,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        progress,
                        failure)
                : new AuditView(
                        sku.value(),
                        state,
                        audit.startedAt(),
                        audit.finishedAt(),
                        audit.stocked(),
                        audit.available(),
                        audit.held(),
                        audit.confirmed(),
                        audit.difference(),
                        audit.inFlight(),
                        audit.repaired(),
                        seen.repaired(),
                        audit.searched(),
                        audit.movements(),
                        audit.discrepancies().stream()
                                .map(it -> Difference.of(it, ids))
                                .toList(),
                        audit.more(),
                        progress,
                        failure);
    }
}
