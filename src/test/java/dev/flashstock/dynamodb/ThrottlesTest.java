package dev.flashstock.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.flashstock.dynamodb.FakeDynamoDb.Answer;
import dev.flashstock.heat.Throttle;
import dev.flashstock.heat.Throttle.Access;
import dev.flashstock.heat.Throttle.Limit;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** What the SDK makes of DynamoDB's refusals, as they come over the wire, and what is read from that. */
class ThrottlesTest {
    private static final String TABLE = "arn:aws:dynamodb:eu-central-1:123456789012:table/flashstock";

    /** The exception's code, and how the model spells the reasons there. */
    private static Stream<Arguments> reasons() {
        return Stream.of(
                        List.of("ProvisionedThroughputExceededException", "ThrottlingReasons"),
                        List.of("RequestLimitExceeded", "ThrottlingReasons"),
                        List.of("ThrottlingException", "throttlingReasons"))
                .flatMap(exception -> Stream.of("Table", "Index")
                        .flatMap(resource -> Stream.of("Read", "Write")
                                .flatMap(access -> Stream.of(
                                                "KeyRangeThroughputExceeded",
                                                "ProvisionedThroughputExceeded",
                                                "AccountLimitExceeded",
                                                "MaxOnDemandThroughputExceeded")
                                        .map(limit -> Arguments.of(
                                                exception.get(0), exception.get(1), resource + access + limit)))));
    }

    @ParameterizedTest
    @MethodSource("reasons")
    void eachReasonOfEachExceptionIsUnderstood(String exception, String member, String code) throws IOException {
        // Given
        String resource = code.startsWith("Index") ? TABLE + "/index/ByStatus" : TABLE;
        Answer refusal = refusal(
                exception,
                "Throughput exceeds",
                ",\"" + member + "\":[{\"reason\":\"" + code + "\",\"resource\":\"" + resource + "\"}]");

        // When
        List<Throttle> throttles = Throttles.of(failure(refusal));

        // Then
        assertThat(throttles).containsExactly(Throttle.of(code, resource).orElseThrow());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ProvisionedThroughputExceededException | The level of configured provisioned throughput for the table was exceeded. Consider | PROVISIONED | false",
                "ProvisionedThroughputExceededException | The level of configured provisioned throughput for one or more global secondary indexes of the table was exceeded. | PROVISIONED | true",
                "ThrottlingException | Throughput exceeds the current capacity of your table or index. DynamoDB is automatically scaling your table or index so please try again | KEY_RANGE | false",
                "ThrottlingException | Throughput exceeds the maximum OnDemandThroughput configured on table or index | MAX_ON_DEMAND | false",
                "RequestLimitExceeded | Throughput exceeds the current throughput limit for your account. | ACCOUNT | false",
                "RequestLimitExceeded | Something new | ACCOUNT | false",
            })
    void whereThereAreNoReasonsTheMessageTells(String exception, String message, Limit limit, boolean ofAnIndex)
            throws IOException {
        // When
        List<Throttle> throttles = Throttles.of(failure(refusal(exception, message, "")));

        // Then
        assertThat(throttles).containsExactly(new Throttle(limit, null, "", ofAnIndex ? "" : null));
    }

    @Test
    void aCancelledTransactionTellsByItsParts() throws IOException {
        // Given
        Answer refusal = Answer.cancelled(
                "{\"Code\":\"None\"}",
                "{\"Code\":\"TransactionConflict\"}",
                "{\"Code\":\"ThrottlingError\",\"Message\":\"Throughput exceeds the current capacity of your table or"
                        + " index. DynamoDB is automatically scaling your table or index so please try again\"}",
                "{\"Code\":\"ProvisionedThroughputExceeded\",\"Message\":\"The level of configured provisioned"
                        + " throughput for the table was exceeded.\"}");

        // When
        List<Throttle> throttles = Throttles.of(failure(refusal));

        // Then
        assertThat(throttles)
                .containsExactly(
                        new Throttle(Limit.KEY_RANGE, Access.WRITE, "", null),
                        new Throttle(Limit.PROVISIONED, Access.WRITE, "", null));
    }

    @Test
    void whatIsNoThrottleTellsNothing() throws IOException {
        // Then
        assertThat(Throttles.of(failure(Answer.error(400, "ConditionalCheckFailedException"))))
                .isEmpty();
        assertThat(Throttles.of(failure(Answer.cancelled("{\"Code\":\"TransactionConflict\"}"))))
                .isEmpty();
        assertThat(Throttles.of(new IOException())).isEmpty();
    }

    @Test
    void everyAttemptIsToldAlsoWhatTheSdkTriesAgain() throws IOException {
        // Given
        List<Throttle> told = new CopyOnWriteArrayList<>();
        Answer refusal = refusal(
                "ThrottlingException",
                "Throughput exceeds",
                ",\"throttlingReasons\":[{\"reason\":\"TableWriteKeyRangeThroughputExceeded\",\"resource\":\"" + TABLE
                        + "\"}]");
        try (FakeDynamoDb dynamoDb = FakeDynamoDb.always(refusal);
                DynamoDbAsyncClient client =
                        dynamoDb.client(new TellingRetries(AwsRetryStrategy.standardRetryStrategy(), told::add))) {

            // When
            failure(client);

            // Then
            assertThat(dynamoDb.calls()).hasSize(3);
            assertThat(told).hasSize(3).containsOnly(new Throttle(Limit.KEY_RANGE, Access.WRITE, "flashstock", null));
        }
    }

    private static Answer refusal(String exception, String message, String reasons) {
        return new Answer(
                400,
                "{\"__type\":\"com.amazonaws.dynamodb.v20120810#" + exception + "\",\"message\":\"" + message + "\""
                        + reasons + "}");
    }

    private static Throwable failure(Answer answer) throws IOException {
        try (FakeDynamoDb dynamoDb = FakeDynamoDb.always(answer)) {
            return failure(dynamoDb.client());
        }
    }

    private static Throwable failure(DynamoDbAsyncClient client) {
        return catchThrowableOfType(
                        CompletionException.class,
                        () -> client.transactWriteItems(it -> it.transactItems(List.of()))
                                .join())
                .getCause();
    }
}
