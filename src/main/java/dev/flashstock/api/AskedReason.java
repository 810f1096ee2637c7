package dev.flashstock.api;

import dev.flashstock.stock.Adjustment;
import io.quarkus.runtime.annotations.RegisterForReflection;

/** The reasons that a caller may give for an adjustment. Not the one of a repair: only an audit says how much that is. */
@RegisterForReflection
enum AskedReason {
    /** Units have come in. */
    DELIVERY(Adjustment.Reason.DELIVERY),
    /** Units are broken or lost. */
    DAMAGE(Adjustment.Reason.DAMAGE),
    /** A stocktake found another number. */
    CORRECTION(Adjustment.Reason.CORRECTION),
    /** Units of a reservation that was sold have come back. */
    RETURN(Adjustment.Reason.RETURN);

    private final Adjustment.Reason recorded;

    AskedReason(Adjustment.Reason recorded) {
        this.recorded = recorded;
    }

    Adjustment.Reason asRecorded() {
        return recorded;
    }
}
