package dev.flashstock.sqs;

import dev.flashstock.inventory.Unavailable;
import io.smallrye.mutiny.Uni;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.GetQueueUrlResponse;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** One queue: its URL, looked up once, and calls of the SDK whose passing failures are {@link Unavailable}. */
final class Queue {
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
