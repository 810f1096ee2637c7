package dev.flashstock.simulation;

import dev.flashstock.inventory.Attempt;
import dev.flashstock.inventory.GroupCommit;
import dev.flashstock.simulation.ItemStore.Code;
import dev.flashstock.simulation.ItemStore.Reason;
import dev.flashstock.simulation.ItemStore.Result;
import dev.flashstock.simulation.ItemStore.Units;
import dev.flashstock.stock.Reservation;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

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
        Iterator<Reason> each = reasons.iterator();
        GroupCommit.Reason shard = ofShard(commit, each.next()).orElse(passing(each.next()));
        if (commit.expiry().isPresent()) {
            shard = shard.orElse(passing(each.next()));
        }
        List<GroupCommit.Reason> holds = take(commit.holds().size(), each, Meaning::ofHold);
        List<GroupCommit.Reason> returns = take(commit.returns().size(), each, Meaning::ofReturn);
        return new GroupCommit.Result.Cancelled(
                shard, withLimits(commit.holds(), holds, each), withLimits(commit.returned(), returns, each));
    }

    private static List<GroupCommit.Reason> take(
            int count, Iterator<Reason> each, Function<Reason, GroupCommit.Reason> meaning) {
        return Stream.generate(each::next).limit(count).map(meaning).toList();
    }

    private static List<GroupCommit.Reason> withLimits(
            List<Reservation> reservations, List<GroupCommit.Reason> reasons, Iterator<Reason> limits) {
        List<GroupCommit.Reason> both = new ArrayList<>();
        for (int i = 0; i < reasons.size(); i++) {
            GroupCommit.Reason own = reasons.get(i);
            both.add(GroupCommit.isCounted(reservations.get(i)) ? own.orElse(ofLimit(limits.next())) : own);
        }
        return both;
    }

    private static GroupCommit.Reason ofShard(GroupCommit commit, Reason reason) {
        if (reason.code() != Code.CONDITION_FAILED) {
            return passing(reason);
        }
        return commit.change() < 0
                ? new GroupCommit.Reason.TooFew(reason.old() instanceof Units units ? units.available() : 0)
                : new GroupCommit.Reason.Closed();
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

    private static GroupCommit.Reason ofLimit(Reason reason) {
        return reason.code() == Code.CONDITION_FAILED
                ? new GroupCommit.Reason.OverLimit(InMemoryTable.used(reason.old()))
                : passing(reason);
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
