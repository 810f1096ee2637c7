package dev.flashstock.sqs;

import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** The queues themselves: made, checked, asked whether they answer. */
public final class SqsSetup {
    /** Two weeks: the longest that SQS keeps a message, which takes its age along into the dead-letter queue. */
    private static final String RETENTION_SECONDS = "1209600";

    private static final List<QueueAttributeName> COUNTS = List.of(
            QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
            QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED,
            QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE);

    private final SqsAsyncClient client;
    private final SqsConfig config;
    private final Queue queue;
    private final Queue deadLetters;

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
        this.deadLetters = new Queue(client, config.deadLetterQueue());
    }

    /**
     * Makes both queues unless they are there.
     *
     * @return completes when they are; fails with the SDK's exception, also when they are there with other attributes
     */
    public Uni<Void> provision() {
        return create(config.deadLetterQueue(), Map.of(QueueAttributeName.MESSAGE_RETENTION_PERIOD, RETENTION_SECONDS))
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
                QueueAttributeName.MESSAGE_RETENTION_PERIOD,
                RETENTION_SECONDS,
                QueueAttributeName.VISIBILITY_TIMEOUT,
                Long.toString(config.visibility().toSeconds()),
                QueueAttributeName.REDRIVE_POLICY,
                "{\"deadLetterTargetArn\":\"" + deadLetters + "\",\"maxReceiveCount\":" + config.maxReceives() + "}");
    }

    /**
     * Checks that the queue is there and has the dead-letter queue.
     *
     * @return completes when it has; fails with the SDK's exception, or with an {@link IllegalStateException} that says
     *     what is wrong with it
     */
    public Uni<Void> check() {
        return Uni.createFrom()
                .completionStage(() -> client.getQueueUrl(request -> request.queueName(config.queue())))
                .chain(found -> Uni.createFrom()
                        .completionStage(() -> client.getQueueAttributes(request ->
                                request.queueUrl(found.queueUrl()).attributeNames(QueueAttributeName.REDRIVE_POLICY))))
                .invoke(response -> checkRedrive(response.attributes().get(QueueAttributeName.REDRIVE_POLICY)))
                .replaceWithVoid();
    }

    private void checkRedrive(@Nullable String policy) {
        if (policy == null) {
            throw new IllegalStateException("it has no dead-letter queue, and a bad message would come again for ever."
                    + " Give it a RedrivePolicy.");
        }
        if (!policy.contains(":" + config.deadLetterQueue() + "\"")) {
            throw new IllegalStateException("its dead-letter queue has another name than '" + config.deadLetterQueue()
                    + "', and nobody would look after it. Set flashstock.sqs.dead-letter-queue; its RedrivePolicy is "
                    + policy);
        }
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

    /**
     * Asks whether the queue keeps the order of messages. A standard queue refuses to be asked for that attribute alone.
     *
     * @return whether it is a FIFO queue; fails with {@link dev.flashstock.inventory.Unavailable} or the SDK's exception
     */
    public Uni<Boolean> isFifo() {
        return queue.call((sqs, url) ->
                        sqs.getQueueAttributes(request -> request.queueUrl(url).attributeNames(QueueAttributeName.ALL)))
                .map(response -> Boolean.parseBoolean(response.attributes().get(QueueAttributeName.FIFO_QUEUE)));
    }

    /**
     * Counts what is in the queue, received or not.
     *
     * @return about how many messages; fails with {@link dev.flashstock.inventory.Unavailable} or the SDK's exception
     */
    public Uni<Long> waiting() {
        return messages(queue);
    }

    /**
     * Counts what is in the dead-letter queue, received or not.
     *
     * @return about how many messages; fails with {@link dev.flashstock.inventory.Unavailable} or the SDK's exception
     */
    public Uni<Long> dead() {
        return messages(deadLetters);
    }

    private static Uni<Long> messages(Queue queue) {
        return queue.call((sqs, url) ->
                        sqs.getQueueAttributes(request -> request.queueUrl(url).attributeNames(COUNTS)))
                .map(response -> response.attributes().values().stream()
                        .mapToLong(Long::parseLong)
                        .sum());
    }
}
