package dev.flashstock.dynamodb;

import dev.flashstock.inventory.GroupCommit;
import dev.flashstock.inventory.GroupCommit.Reason;
import io.smallrye.mutiny.Uni;
import java.util.List;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/** Why a group commit was cancelled, item by item. DynamoDB's reasons stand in the order of the transaction's items. */
final class Cancellation {
    private Cancellation() {}

    /** The reasons; fails with the exception itself when one of them means that something is broken. */
    static Uni<GroupCommit.Result> of(GroupCommit commit, TransactionCanceledException exception) {
        List<CancellationReason> reasons = exception.cancellationReasons();
        int holds = commit.holds().size();
        if (!Calls.isRefusal(exception)
                || reasons.size() != 1 + holds + commit.returns().size()) {
            return Uni.createFrom().failure(exception);
        }
        return Uni.createFrom()
                .item(new GroupCommit.Result.Cancelled(
                        ofShard(reasons.get(0)),
                        reasons.subList(1, 1 + holds).stream()
                                .map(Cancellation::ofHold)
                                .toList(),
                        reasons.subList(1 + holds, reasons.size()).stream()
                                .map(Cancellation::ofReturn)
                                .toList()));
    }

    private static Reason ofShard(CancellationReason reason) {
        if (!Calls.isConditionFailed(reason)) {
            return passing(reason);
        }
        // A shard that never had a unit has no item.
        return new Reason.TooFew(reason.hasItem() ? Items.integer(reason.item(), Schema.AVAILABLE) : 0);
    }

    private static Reason ofHold(CancellationReason reason) {
        return Calls.isConditionFailed(reason) ? new Reason.Exists(Items.reservation(reason.item())) : passing(reason);
    }

    private static Reason ofReturn(CancellationReason reason) {
        return Calls.isConditionFailed(reason) ? new Reason.NotHeld() : passing(reason);
    }

    private static Reason passing(CancellationReason reason) {
        return switch (reason.code()) {
            case Calls.NONE -> new Reason.None();
            case Calls.TRANSACTION_CONFLICT -> new Reason.Conflict();
            default -> new Reason.Throttled();
        };
    }
}
