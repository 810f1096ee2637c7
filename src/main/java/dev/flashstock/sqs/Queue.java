package dev.flashstock.sqs;

import dev.flashstock.inventory.Unavailable;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.GetQueueUrlResponse;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** One queue: its URL, looked up once, and calls of the SDK whose passing failures are {@link Unavailable}. */
final class Queue {
    /** The most messages of one call: SQS's own bound. */
    static final int BATCH = 10;

    /** The most bytes of one call's messages: SQS's own bound (1 MiB since 2025, but not everywhere). */
    static final int BATCH_BYTES = 262_144;

    /** What a receive call may take beyond its long poll. */
    private static final Duration NETWORK = Duration.ofSeconds(4);

    private final SqsAsyncClient client;
    private final String name;
    private volatile @Nullable String url;

    Queue(SqsAsyncClient client, String name) {
        this.client = client;
        this.name = name;
    }

    /** A call about this queue, which it names by its URL. */
    <T> Uni<T> call(BiFunction<SqsAsyncClient, String, CompletionStage<T>> call) {
        return url().chain(it -> translated(sqs -> call.apply(sqs, it)));
    }

    /**
     * Sends messages in one call.
     *
     * @param messages 1 to {@value #BATCH}, together at most {@value #BATCH_BYTES} bytes
     * @param delaySeconds after how long they can be received
     * @return by their position those that the queue has not taken, and why; fails when it is not known of any
     */
    Uni<Map<Integer, RuntimeException>> send(List<Envelope> messages, int delaySeconds) {
        return call((sqs, url) -> sqs.sendMessageBatch(request -> request.queueUrl(url)
                        .entries(IntStream.range(0, messages.size())
                                .mapToObj(i -> entry(i, messages.get(i), delaySeconds))
                                .toList())))
                .map(response -> refused(messages.size(), response));
    }

    private static SendMessageBatchRequestEntry entry(int position, Envelope message, int delaySeconds) {
        return SendMessageBatchRequestEntry.builder()
                .id(Integer.toString(position))
                .messageGroupId(message.group())
                .messageBody(message.body())
                .delaySeconds(delaySeconds == 0 ? null : delaySeconds)
                .build();
    }

    private static Map<Integer, RuntimeException> refused(int sent, SendMessageBatchResponse response) {
        Map<Integer, RuntimeException> refused = new HashMap<>();
        IntStream.range(0, sent)
                .forEach(i -> refused.put(i, new Unavailable("SQS does not say what became of a message")));
        response.failed().forEach(it -> refused.put(Integer.parseInt(it.id()), refusal(it)));
        response.successful().forEach(it -> refused.remove(Integer.parseInt(it.id())));
        return refused;
    }

    private static RuntimeException refusal(BatchResultErrorEntry entry) {
        String said = "SQS refuses a message: " + entry.code() + " " + entry.message();
        boolean passes =
                !Boolean.TRUE.equals(entry.senderFault()) || entry.code().contains("Throttl");
        return passes ? new Unavailable(said) : new IllegalStateException(said);
    }

    /**
     * Receives messages. A call under way is not given up when its consumer stops: what SQS answered to it would be
     * hidden until its visibility timeout is over, and count as received.
     *
     * @param longPoll how long it waits for the first, in whole seconds
     * @param visibility how long they are hidden from others
     * @return up to {@value #BATCH}
     */
    Uni<List<Message>> receive(Duration longPoll, Duration visibility) {
        Duration timeout = longPoll.plus(NETWORK);
        return call((sqs, url) -> sqs.receiveMessage(request -> request.queueUrl(url)
                        .maxNumberOfMessages(BATCH)
                        .waitTimeSeconds((int) longPoll.toSeconds())
                        .visibilityTimeout((int) visibility.toSeconds())
                        .overrideConfiguration(timeouts ->
                                timeouts.apiCallAttemptTimeout(timeout).apiCallTimeout(timeout))
                        .messageSystemAttributeNames(
                                MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT,
                                MessageSystemAttributeName.MESSAGE_GROUP_ID)))
                .map(ReceiveMessageResponse::messages);
    }

    private Uni<String> url() {
        String known = url;
        return known != null
                ? Uni.createFrom().item(known)
                : translated(sqs -> sqs.getQueueUrl(request -> request.queueName(name)))
                        .map(GetQueueUrlResponse::queueUrl)
                        .invoke(found -> url = found);
    }

    private <T> Uni<T> translated(Function<SqsAsyncClient, CompletionStage<T>> call) {
        return Uni.createFrom()
                .completionStage(() -> call.apply(client))
                .onFailure(Queue::isPassing)
                .transform(e -> new Unavailable("SQS", e));
    }

    private static boolean isPassing(Throwable failure) {
        if (failure instanceof SqsException e) {
            return e.isThrottlingException() || e.statusCode() >= 500;
        }
        return failure instanceof SdkClientException;
    }
}
