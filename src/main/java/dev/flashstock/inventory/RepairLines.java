package dev.flashstock.inventory;

import dev.flashstock.stock.Adjustment;
import dev.flashstock.stock.Discrepancy;
import dev.flashstock.stock.Movement;
import dev.flashstock.stock.UserId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a repair's movement says, line by line, what it makes up for, so that the next audit finds it settled and does not
 * name it for ever.
 */
final class RepairLines {
    private static final String REPAIR = Adjustment.Reason.REPAIR.name();
    private static final String OF_ADJUSTMENT = REPAIR + " of ";

    /** It takes the units of a reservation for which the ledger never had. */
    private static final String AS_HOLD = REPAIR + " as hold";

    private RepairLines() {}

    static Movement.Line line(Discrepancy discrepancy, UserId by) {
        return new Movement.Line(
                Movement.Kind.ADJUSTMENT, discrepancy.units(), discrepancy.reservation(), by, reason(discrepancy));
    }

    private static String reason(Discrepancy discrepancy) {
        if (discrepancy.kind() == Discrepancy.Kind.RESERVATION_WITHOUT_HOLD) {
            return AS_HOLD;
        }
        return discrepancy.adjustment() == null ? REPAIR : OF_ADJUSTMENT + discrepancy.adjustment();
    }

    /** Whether a line is one of a repair. */
    static boolean isRepair(Movement.Line line) {
        return line.kind() == Movement.Kind.ADJUSTMENT && startsWith(line.reason(), REPAIR);
    }

    /** Whether a line of a repair is from now on the one that takes its reservation's units. */
    static boolean isHold(Movement.Line line) {
        return line.kind() == Movement.Kind.ADJUSTMENT && AS_HOLD.equals(line.reason());
    }

    /** The adjustment that a line of a repair makes up for. */
    static Optional<String> adjustment(Movement.Line line) {
        String reason = line.reason();
        return reason != null && startsWith(reason, OF_ADJUSTMENT)
                ? Optional.of(reason.substring(OF_ADJUSTMENT.length()))
                : Optional.empty();
    }

    private static boolean startsWith(@Nullable String reason, String prefix) {
        return reason != null && reason.startsWith(prefix);
    }
}
