package dev.flashstock.dynamodb;

import dev.flashstock.inventory.Attempt;
import dev.flashstock.inventory.Unavailable;
import io.smallrye.mutiny.Uni;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.TransactionInProgressException;

/** Calls of the SDK: lazy, and with its exceptions turned into outcomes or {@link Unavailable}. */
final class Calls {
    private static final String CONDITION_FAILED = "ConditionalCheckFailed";
    static final String NONE = "None";
    static final String TRANSACTION_CONFLICT = "TransactionConflict";
    private static final Set<String> PASSING =
            Set.of(NONE, TRANSACTION_CONFLICT, "ProvisionedThroughputExceeded", "ThrottlingError");

    private Calls() {}

    /** A call; what DynamoDB cannot do for the moment fails with {@link Unavailable}. */
    static <T> Uni<T> call(Supplier<CompletionStage<T>> call) {
        return Uni.createFrom()
                .completionStage(call)
                .onFailure(e -> isPassing(e) && !isRefusal(e))
                .transform(e -> new Unavailable("DynamoDB", e));
    }

    /** A conditional write; that it was not applied is an outcome. */
    static <T> Uni<Attempt> attempt(Supplier<CompletionStage<T>> call) {
        return call(call).replaceWith(Attempt.DONE).onFailure(Calls::isRefusal).recoverWithItem(Calls::refusal);
    }

    /** Whether a failure says that another transaction was in the way. */
    static boolean isBusy(Throwable failure) {
        return isRefusal(failure) && refusal(failure) == Attempt.BUSY;
    }

    /** Whether a failure says that a conditional write was not applied, and nothing is broken. */
    static boolean isRefusal(Throwable failure) {
        return failure instanceof ConditionalCheckFailedException
                || failure instanceof TransactionConflictException
                || failure instanceof TransactionInProgressException
                || (failure instanceof TransactionCanceledException cancelled
                        && cancelled.hasCancellationReasons()
                        && cancelled.cancellationReasons().stream().allMatch(Calls::isExpected));
    }

    private static boolean isExpected(CancellationReason reason) {
        return reason.code() != null && (isConditionFailed(reason) || PASSING.contains(reason.code()));
    }

    /** What a {@link #isRefusal refusal} means. */
    static Attempt refusal(Throwable failure) {
        boolean changed = failure instanceof ConditionalCheckFailedException
                || (failure instanceof TransactionCanceledException cancelled
                        && cancelled.cancellationReasons().stream().anyMatch(Calls::isConditionFailed));
        return changed ? Attempt.CHANGED : Attempt.BUSY;
    }

    static boolean isConditionFailed(CancellationReason reason) {
        return CONDITION_FAILED.equals(reason.code());
    }

    private static boolean isPassing(Throwable failure) {
        if (failure instanceof DynamoDbException e) {
            return e.isThrottlingException() || e.statusCode() >= 500;
        }
        return failure instanceof SdkClientException;
    }
}
