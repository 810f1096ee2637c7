package dev.flashstock.simulation;

import dev.flashstock.inventory.Attempt;
import dev.flashstock.inventory.GroupCommit;
import dev.flashstock.simulation.ItemStore.Code;
import dev.flashstock.simulation.ItemStore.Reason;
import dev.flashstock.simulation.ItemStore.Result;
import dev.flashstock.simulation.ItemStore.Units;
import dev.flashstock.stock.Reservation;
import java.util.List;

/** What the store's answers mean to the ports' callers. */
final class Meaning {
    private static final RuntimeException MIXED_UP = new IllegalStateException("Reasons of another transaction");

    private Meaning() {}

    /** What came of a group commit. */
    static GroupCommit.Result of(GroupCommit commit, Result result) {
        return result instanceof Result.Cancelled cancelled
                ? cancelled(commit, cancelled.reasons())
                : new GroupCommit.Result.Committed();
    }

    private static GroupCommit.Result cancelled(GroupCommit commit, List<Reason> reasons) {
        int holds = 1 + commit.holds().size();
        return new GroupCommit.Result.Cancelled(
                ofShard(reasons.get(0)),
                reasons.subList(1, holds).stream().map(Meaning::ofHold).toList(),
                reasons.subList(holds, reasons.size()).stream()
                        .map(Meaning::ofReturn)
                        .toList());
    }

    private static GroupCommit.Reason ofShard(Reason reason) {
        return reason.code() != Code.CONDITION_FAILED
                ? passing(reason)
                : new GroupCommit.Reason.TooFew(reason.old() instanceof Units units ? units.available() : 0);
    }

    private static GroupCommit.Reason ofHold(Reason reason) {
        if (reason.code() != Code.CONDITION_FAILED) {
            return passing(reason);
        }
        if (reason.old() instanceof Reservation there) {
            return new GroupCommit.Reason.Exists(there);
        }
        throw MIXED_UP;
    }

    private static GroupCommit.Reason ofReturn(Reason reason) {
        return reason.code() == Code.CONDITION_FAILED ? new GroupCommit.Reason.NotHeld() : passing(reason);
    }

    private static GroupCommit.Reason passing(Reason reason) {
        return switch (reason.code()) {
            case NONE -> new GroupCommit.Reason.None();
            case CONFLICT -> new GroupCommit.Reason.Conflict();
            case THROTTLED -> new GroupCommit.Reason.Throttled();
            case CONDITION_FAILED -> throw MIXED_UP;
        };
    }

    /** What came of another transaction. */
    static Attempt attempt(Result result) {
        if (!(result instanceof Result.Cancelled cancelled)) {
            return Attempt.DONE;
        }
        boolean changed = cancelled.reasons().stream().anyMatch(it -> it.code() == Code.CONDITION_FAILED);
        return changed ? Attempt.CHANGED : Attempt.BUSY;
    }

    /** What came of a single write. */
    static Attempt attempt(Reason reason) {
        return switch (reason.code()) {
            case NONE -> Attempt.DONE;
            case CONDITION_FAILED -> Attempt.CHANGED;
            case CONFLICT, THROTTLED -> Attempt.BUSY;
        };
    }
}
