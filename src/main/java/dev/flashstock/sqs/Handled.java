package dev.flashstock.sqs;

import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/**
 * What came of a message.
 *
 * @param message the message
 * @param failure why it is not done; null when it is
 */
record Handled(Message message, @Nullable Throwable failure) {
    private static final Logger LOG = Logger.getLogger(ReservationConsumer.class);
    private static final int LONGEST_RETRY_SECONDS = 60;
    private static final int MALFORMED_RETRY_SECONDS = 2;

    static Handled failed(Message message, Throwable failure) {
        Handled handled = new Handled(message, failure);
        LOG.warnf(
                "Message not handled, it comes again message=%s receives=%d error=%s",
                message.messageId(), handled.receives(), failure.getMessage());
        return handled;
    }

    boolean done() {
        return failure == null;
    }

    boolean mayComeRightLater() {
        return failure != null && !(failure instanceof RequestMessage.Malformed);
    }

    /** When it is shown again; a malformed one gets no better by waiting, and is soon in the dead-letter queue. */
    int retrySeconds() {
        return mayComeRightLater()
                ? Math.min(LONGEST_RETRY_SECONDS, 1 << Math.min(receives(), 16))
                : MALFORMED_RETRY_SECONDS;
    }

    private int receives() {
        return Integer.parseInt(
                message.attributes().getOrDefault(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "1"));
    }
}
