package dev.flashstock.local.partitions;

import dev.flashstock.local.faults.Gate.Answer;
import dev.flashstock.local.faults.Wire;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What DynamoDB says when it refuses, word for word: the SDK makes its exceptions of it. */
final class Refusals {
    private static final String DYNAMODB = "com.amazonaws.dynamodb.v20120810#";
    private static final String ONGOING = "Transaction is ongoing for the item";

    /**
     * A limit that was exceeded.
     *
     * @param charge what would have exceeded it
     * @param type which limit
     */
    record Throttle(Charge charge, LimitType type) {}

    /**
     * Why a part of a transaction was cancelled.
     *
     * @param code {@code None} for a part that was not
     * @param message for people; none for {@code None}
     */
    record Reason(String code, @Nullable String message) {
        static final Reason NONE = new Reason("None", null);
        static final Reason CONFLICT = new Reason("TransactionConflict", ONGOING);

        static Reason of(Throttle throttle) {
            return new Reason(
                    throttle.charge().table().onDemand() ? "ThrottlingError" : "ProvisionedThroughputExceeded",
                    Refusals.message(throttle));
        }

        private Map<String, String> wire() {
            return message == null ? Map.of("Code", code) : Map.of("Code", code, "Message", message);
        }
    }

    private Refusals() {}

    /** One of the 16 codes: resource type, operation type, limit type. */
    static String reason(Charge charge, LimitType type) {
        return (charge.index() == null ? "Table" : "Index") + charge.access().word() + type.word();
    }

    /** A request that would exceed limits, the first of which decides on the exception. */
    static Answer throttled(List<Throttle> throttles) {
        List<Map<String, String>> reasons = throttles.stream()
                .map(throttle -> Map.of(
                        "reason",
                        reason(throttle.charge(), throttle.type()),
                        "resource",
                        throttle.charge().table().resource(throttle.charge().index())))
                .distinct()
                .toList();
        Throttle first = throttles.get(0);
        String exception = exception(first);
        // The model spells the member of this one exception with a small letter.
        String member = exception.equals("ThrottlingException") ? "throttlingReasons" : "ThrottlingReasons";
        return error(exception, message(first), Map.of(member, reasons));
    }

    /** A transaction of which nothing was done. */
    static Answer cancelled(List<Reason> reasons) {
        String codes = String.join(", ", reasons.stream().map(Reason::code).toList());
        return error(
                "TransactionCanceledException",
                "Transaction cancelled, please refer cancellation reasons for specific reasons [" + codes + "]",
                Map.of("CancellationReasons", reasons.stream().map(Reason::wire).toList()));
    }

    /** A transaction of which some parts met another one in flight. */
    static Answer conflicts(Operation operation, Set<Integer> conflicts) {
        return cancelled(IntStream.range(0, operation.entries().size())
                .mapToObj(entry -> conflicts.contains(entry) ? Reason.CONFLICT : Reason.NONE)
                .toList());
    }

    /** A single write that met a transaction in flight. */
    static Answer conflict() {
        return error("TransactionConflictException", ONGOING, Map.of());
    }

    /** A transaction whose token is in flight. */
    static Answer inProgress() {
        return error(
                "TransactionInProgressException",
                "The transaction with the given request token is already in progress.",
                Map.of());
    }

    /** A transaction that DynamoDB Local would take. */
    static Answer itemTwice() {
        return error(
                "ValidationException", "Transaction request cannot include multiple operations on one item", Map.of());
    }

    private static String exception(Throttle throttle) {
        return switch (throttle.type()) {
            case ACCOUNT -> "RequestLimitExceeded";
            case MAX_ON_DEMAND -> "ThrottlingException";
            case PROVISIONED -> "ProvisionedThroughputExceededException";
            case KEY_RANGE ->
                throttle.charge().table().onDemand() ? "ThrottlingException" : "ProvisionedThroughputExceededException";
        };
    }

    private static String message(Throttle throttle) {
        boolean onDemand = throttle.charge().table().onDemand();
        return switch (throttle.type()) {
            case ACCOUNT ->
                "Throughput exceeds the current throughput limit for your account. "
                        + "Please contact AWS Support at https://aws.amazon.com/support to request a limit increase";
            case MAX_ON_DEMAND -> "Throughput exceeds the maximum OnDemandThroughput configured on table or index";
            case PROVISIONED -> provisioned(throttle);
            case KEY_RANGE ->
                onDemand
                        ? "Throughput exceeds the current capacity of your table or index. DynamoDB is automatically "
                                + "scaling your table or index so please try again shortly. If exceptions persist, check "
                                + "if you have a hot key: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide"
                                + "/bp-partition-key-design.html"
                        : provisioned(throttle);
        };
    }

    private static String provisioned(Throttle throttle) {
        return throttle.charge().index() == null
                ? "The level of configured provisioned throughput for the table was exceeded. "
                        + "Consider increasing your provisioning level with the UpdateTable API."
                : "The level of configured provisioned throughput for one or more global secondary indexes of the table "
                        + "was exceeded. Consider increasing your provisioning level for the under-provisioned global "
                        + "secondary indexes with the UpdateTable API";
    }

    private static Answer error(String type, String message, Map<String, ?> more) {
        Map<String, Object> body = new TreeMap<>(more);
        body.put("__type", DYNAMODB + type);
        body.put("message", message);
        Answer answer = Wire.json(400, body);
        answer.headers().add("x-amzn-RequestId", UUID.randomUUID().toString());
        return answer;
    }
}
