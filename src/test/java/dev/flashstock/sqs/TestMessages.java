package dev.flashstock.sqs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flashstock.Samples;
import dev.flashstock.stock.ReservationRequest;
import java.time.InstantSource;
import java.util.List;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** The messages of a test's queue and of its dead-letter queue. */
public final class TestMessages {
    /** Under the first of the secrets. */
    static final Signatures SIGNATURES = new Signatures(Samples.SECRETS, InstantSource.system());

    private final SqsAsyncClient sqs;
    private final SqsConfig config;

    TestMessages(SqsAsyncClient sqs, SqsConfig config) {
        this.sqs = sqs;
        this.config = config;
    }

    /** A message as a process would send it for a request, whenever that was made. */
    public static String signed(ReservationRequest request, Signatures signatures) {
        return RequestMessage.write(List.of(request), signatures);
    }

    void sendRaw(String body) {
        sendTo(config.queue(), body);
    }

    void sendDead(String body) {
        sendTo(config.deadLetterQueue(), body);
    }

    private void sendTo(String queue, String body) {
        sqs.sendMessage(message -> message.queueUrl(url(queue)).messageBody(body))
                .join();
    }

    void assertNoneIsLeft() {
        assertThat(left()).isZero();
        assertThat(dead()).isZero();
    }

    /** Messages in the queue, hidden ones too. */
    int left() {
        return count(config.queue());
    }

    /** Messages in the dead-letter queue, hidden ones too. */
    int dead() {
        return count(config.deadLetterQueue());
    }

    private int count(String queue) {
        var attributes = sqs.getQueueAttributes(
                        request -> request.queueUrl(url(queue)).attributeNames(QueueAttributeName.ALL))
                .join()
                .attributes();
        return Integer.parseInt(attributes.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES))
                + Integer.parseInt(attributes.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE));
    }

    /** Messages that a receive call would bring now. */
    int visible() {
        return sqs.receiveMessage(
                        request -> request.queueUrl(url(config.queue())).waitTimeSeconds(0))
                .join()
                .messages()
                .size();
    }

    private String url(String queue) {
        return sqs.getQueueUrl(request -> request.queueName(queue)).join().queueUrl();
    }
}
