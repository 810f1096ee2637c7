package dev.flashstock.dynamodb;

import dev.flashstock.inventory.GroupCommit;
import dev.flashstock.inventory.GroupCommit.Reason;
import dev.flashstock.stock.Reservation;
import io.smallrye.mutiny.Uni;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/** Why a group commit was cancelled, item by item. DynamoDB's reasons stand in the order of the transaction's items. */
final class Cancellation {
    private Cancellation() {}

    /** The reasons; fails with the exception itself when one of them means that something is broken. */
    static Uni<GroupCommit.Result> of(GroupCommit commit, TransactionCanceledException exception) {
        List<CancellationReason> reasons = exception.cancellationReasons();
        int alongside = commit.expiry().isPresent() ? 3 : 2;
        int holds = commit.holds().size();
        int returns = commit.returns().size();
        int limits = commit.countedHolds().size() + commit.countedReturns().size();
        if (!Calls.isRefusal(exception) || reasons.size() != alongside + holds + returns + limits) {
            return Uni.createFrom().failure(exception);
        }
        Iterator<CancellationReason> each = reasons.iterator();
        Reason shard = ofShard(commit, each.next());
        for (int i = 1; i < alongside; i++) {
            shard = shard.orElse(passing(each.next()));
        }
        List<Reason> ofHolds = take(holds, each, Cancellation::ofHold);
        List<Reason> ofReturns = take(returns, each, Cancellation::ofReturn);
        return Uni.createFrom()
                .item(new GroupCommit.Result.Cancelled(
                        shard,
                        withLimits(commit.holds(), ofHolds, each),
                        withLimits(commit.returned(), ofReturns, each)));
    }

    private static List<Reason> take(
            int count, Iterator<CancellationReason> each, Function<CancellationReason, Reason> meaning) {
        return IntStream.range(0, count)
                .mapToObj(i -> meaning.apply(each.next()))
                .toList();
    }

    private static List<Reason> withLimits(
            List<Reservation> reservations, List<Reason> reasons, Iterator<CancellationReason> limits) {
        return IntStream.range(0, reasons.size())
                .mapToObj(i -> GroupCommit.isCounted(reservations.get(i))
                        ? reasons.get(i).orElse(ofLimit(limits.next()))
                        : reasons.get(i))
                .toList();
    }

    private static Reason ofShard(GroupCommit commit, CancellationReason reason) {
        if (!Calls.isConditionFailed(reason)) {
            return passing(reason);
        }
        return commit.change() < 0
                ? new Reason.TooFew(Items.level(commit.shard(), reason.hasItem() ? reason.item() : null)
                        .available())
                : new Reason.Closed();
    }

    private static Reason ofHold(CancellationReason reason) {
        return Calls.isConditionFailed(reason) ? new Reason.Exists(Items.reservation(reason.item())) : passing(reason);
    }

    private static Reason ofLimit(CancellationReason reason) {
        return Calls.isConditionFailed(reason)
                ? new Reason.OverLimit(Items.integer(reason.item(), Schema.UNITS))
                : passing(reason);
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
