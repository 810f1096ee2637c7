package dev.flashstock.sqs;

import io.smallrye.mutiny.Uni;
import java.util.Map;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** The queues themselves: made, checked, asked whether they answer. */
public final class SqsSetup {
    private final SqsAsyncClient client;
    private final SqsConfig config;
    private final Queue queue;

    /**
     * Uses a queue and its dead-letter queue.
     *
     * @param client the SDK's client
     * @param config names both
     */
    public SqsSetup(SqsAsyncClient client, SqsConfig config) {
        this.client = client;
        this.config = config;
        this.queue = new Queue(client, config.queue());
    }

    /**
     * Makes both queues unless they are there.
     *
     * @return completes when they are; fails with the SDK's exception, also when they are there with other attributes
     */
    public Uni<Void> provision() {
        return create(config.deadLetterQueue(), Map.of())
                .chain(this::arn)
                .chain(deadLetters -> create(config.queue(), attributes(deadLetters)))
                .replaceWithVoid();
    }

    private Uni<String> create(String name, Map<QueueAttributeName, String> attributes) {
        return Uni.createFrom()
                .completionStage(() ->
                        client.createQueue(request -> request.queueName(name).attributes(attributes)))
                .map(response -> response.queueUrl());
    }

    private Uni<String> arn(String url) {
        return Uni.createFrom()
                .completionStage(() -> client.getQueueAttributes(
                        request -> request.queueUrl(url).attributeNames(QueueAttributeName.QUEUE_ARN)))
                .map(response -> response.attributes().get(QueueAttributeName.QUEUE_ARN));
    }

    private Map<QueueAttributeName, String> attributes(String deadLetters) {
        return Map.of(
                QueueAttributeName.VISIBILITY_TIMEOUT,
                Long.toString(config.visibility().toSeconds()),
                QueueAttributeName.REDRIVE_POLICY,
                "{\"deadLetterTargetArn\":\"" + deadLetters + "\",\"maxReceiveCount\":" + config.maxReceives() + "}");
    }

    /**
     * Checks that the queue is there.
     *
     * @return completes when it is; fails with the SDK's exception
     */
    public Uni<Void> check() {
        return Uni.createFrom()
                .completionStage(() -> client.getQueueUrl(request -> request.queueName(config.queue())))
                .replaceWithVoid();
    }

    /**
     * Asks the queue for one of its attributes.
     *
     * @return completes when it answers; fails with {@link dev.flashstock.inventory.Unavailable} or the SDK's exception
     */
    public Uni<Void> ping() {
        return queue.call((sqs, url) -> sqs.getQueueAttributes(
                        request -> request.queueUrl(url).attributeNames(QueueAttributeName.QUEUE_ARN)))
                .replaceWithVoid();
    }
}
