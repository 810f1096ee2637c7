package dev.flashstock.sqs;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.GetQueueUrlRequest;
import software.amazon.awssdk.services.sqs.model.GetQueueUrlResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResultEntry;

/** A client whose sends end when the test says so. */
final class StubSqs implements SqsAsyncClient {
    /** Every call, in its order. */
    final List<SendMessageBatchRequest> calls = new CopyOnWriteArrayList<>();

    private final Queue<CompletableFuture<SendMessageBatchResponse>> underWay = new ConcurrentLinkedQueue<>();

    /** What a call returns; until a test says otherwise, it is under way. */
    Function<SendMessageBatchRequest, CompletableFuture<SendMessageBatchResponse>> answer = request -> {
        CompletableFuture<SendMessageBatchResponse> call = new CompletableFuture<>();
        underWay.add(call);
        return call;
    };

    @Override
    public CompletableFuture<SendMessageBatchResponse> sendMessageBatch(SendMessageBatchRequest request) {
        calls.add(request);
        return answer.apply(request);
    }

    @Override
    public CompletableFuture<GetQueueUrlResponse> getQueueUrl(GetQueueUrlRequest request) {
        return CompletableFuture.completedFuture(GetQueueUrlResponse.builder()
                .queueUrl("http://sqs/" + request.queueName())
                .build());
    }

    /** The oldest call under way ends well. */
    void endOne() {
        SendMessageBatchRequest request = calls.get(calls.size() - underWay.size());
        underWay.remove().complete(taken(request));
    }

    /** The oldest call under way ends with an answer. */
    void endOne(SendMessageBatchResponse answer) {
        underWay.remove().complete(answer);
    }

    /** The oldest call under way fails. */
    void failOne(Throwable failure) {
        underWay.remove().completeExceptionally(failure);
    }

    int underWay() {
        return underWay.size();
    }

    /** What a call sent. */
    List<SendMessageBatchRequestEntry> sent(int call) {
        return calls.get(call).entries();
    }

    /** The answer that all of it is taken. */
    static SendMessageBatchResponse taken(SendMessageBatchRequest request) {
        return taken(
                request.entries().stream().map(SendMessageBatchRequestEntry::id).toList());
    }

    static SendMessageBatchResponse taken(List<String> ids, BatchResultErrorEntry... failed) {
        return SendMessageBatchResponse.builder()
                .successful(ids.stream()
                        .map(id -> SendMessageBatchResultEntry.builder().id(id).build())
                        .toList())
                .failed(failed)
                .build();
    }

    static BatchResultErrorEntry refused(String id, String code, boolean senderFault) {
        return BatchResultErrorEntry.builder()
                .id(id)
                .code(code)
                .message("for a test")
                .senderFault(senderFault)
                .build();
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}
}
