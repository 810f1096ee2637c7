package dev.flashstock.dynamodb;

import dev.flashstock.heat.Throttle;
import dev.flashstock.heat.Throttle.Access;
import dev.flashstock.heat.Throttle.Limit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.dynamodb.model.RequestLimitExceededException;
import software.amazon.awssdk.services.dynamodb.model.ThrottlingException;
import software.amazon.awssdk.services.dynamodb.model.ThrottlingReason;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/**
 * Which limits a failure of the SDK tells of: by its own reasons; or, of an endpoint that tells none and of the parts of a
 * cancelled transaction, by what its message says.
 */
final class Throttles {
    /** The codes by which a part of a transaction is throttled. */
    static final Set<String> CODES = Set.of("ProvisionedThroughputExceeded", "ThrottlingError");

    private Throttles() {}

    /**
     * Which limits a failure tells of.
     *
     * @param failure any
     * @return each once; none when nothing was throttled
     */
    static List<Throttle> of(Throwable failure) {
        if (failure instanceof ProvisionedThroughputExceededException e) {
            return told(e.throttlingReasons(), e);
        }
        if (failure instanceof RequestLimitExceededException e) {
            return told(e.throttlingReasons(), e);
        }
        if (failure instanceof ThrottlingException e) {
            return told(e.throttlingReasons(), e);
        }
        return failure instanceof TransactionCanceledException e && e.hasCancellationReasons()
                ? e.cancellationReasons().stream()
                        .flatMap(it -> ofPart(it, Access.WRITE).stream())
                        .distinct()
                        .toList()
                : List.of();
    }

    private static List<Throttle> told(List<ThrottlingReason> reasons, DynamoDbException failure) {
        List<Throttle> told = reasons.stream()
                .flatMap(it -> Throttle.of(it.reason(), it.resource()).stream())
                .distinct()
                .toList();
        if (!told.isEmpty()) {
            return told;
        }
        String message = failure.awsErrorDetails() == null
                ? failure.getMessage()
                : failure.awsErrorDetails().errorMessage();
        return List.of(read(message, null, fallback(failure)));
    }

    /** Which limit a part of a cancelled transaction tells of, if it was throttled. */
    static Optional<Throttle> ofPart(CancellationReason reason, Access access) {
        if (reason.code() == null || !CODES.contains(reason.code())) {
            return Optional.empty();
        }
        Limit unsaid = "ThrottlingError".equals(reason.code()) ? Limit.KEY_RANGE : Limit.PROVISIONED;
        return Optional.of(read(reason.message(), access, unsaid));
    }

    private static Limit fallback(DynamoDbException failure) {
        return failure instanceof RequestLimitExceededException
                ? Limit.ACCOUNT
                : failure instanceof ThrottlingException ? Limit.KEY_RANGE : Limit.PROVISIONED;
    }

    /** The words are those of DynamoDB's messages; of another text only what its exception says is known. */
    private static Throttle read(@Nullable String message, @Nullable Access access, Limit otherwise) {
        String text = message == null ? "" : message;
        Limit limit = Stream.of(
                        said(text, "throughput limit for your account", Limit.ACCOUNT),
                        said(text, "maximum OnDemandThroughput", Limit.MAX_ON_DEMAND),
                        said(text, "automatically scaling your table", Limit.KEY_RANGE),
                        said(text, "level of configured provisioned throughput", Limit.PROVISIONED))
                .flatMap(Optional::stream)
                .findFirst()
                .orElse(otherwise);
        return new Throttle(limit, access, "", text.contains("global secondary index") ? "" : null);
    }

    private static Optional<Limit> said(String text, String words, Limit limit) {
        return text.contains(words) ? Optional.of(limit) : Optional.empty();
    }
}
