package dev.flashstock.sqs;

import dev.flashstock.inventory.ReservationQueue;
import dev.flashstock.stock.ReservationRequest;
import io.smallrye.mutiny.Uni;
import java.util.List;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/**
 * Requests into SQS, a standard queue. Each SKU is a message group of its own, so that one in demand does not keep the
 * others waiting (fair queues).
 */
public final class SqsReservationQueue implements ReservationQueue {
    private final Queue queue;

    /**
     * Uses a queue.
     *
     * @param client the SDK's client
     * @param name the queue's name
     */
    public SqsReservationQueue(SqsAsyncClient client, String name) {
        this.queue = new Queue(client, name);
    }

    @Override
    public Uni<Void> send(ReservationRequest request) {
        return queue.call((sqs, url) -> sqs.sendMessage(message -> message.queueUrl(url)
                        .messageGroupId(request.sku().value())
                        .messageBody(RequestMessage.write(List.of(request)))))
                .replaceWithVoid();
    }
}
