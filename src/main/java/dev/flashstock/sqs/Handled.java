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
 * @param hiddenSeconds when it is not done, after how long it is shown again
 */
record Handled(Message message, @Nullable Throwable failure, int hiddenSeconds) {
    private static final Logger LOG = Logger.getLogger(ReservationConsumer.class);
    private static final int LONGEST_RETRY_SECONDS = 60;
    private static final int MALFORMED_RETRY_SECONDS = 2;
    private static final int LEFT_FOR_PEOPLE_SECONDS = 3_600;

    static Handled done(Message message) {
        return new Handled(message, null, 0);
    }

    static Handled failed(Message message, Throwable failure) {
        int receives = Integer.parseInt(
                message.attributes().getOrDefault(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "1"));
        LOG.warnf(
                "Message not handled, it comes again message=%s receives=%d error=%s",
                message.messageId(), receives, failure.getMessage());
        return new Handled(message, failure, retrySeconds(receives, failure));
    }

    /** Nothing here can do anything about it: it stays, and does not come again soon. */
    static Handled leftForPeople(Message message, RequestMessage.Malformed why) {
        LOG.warnf(
                "Dead letter cannot be acted on, it stays for people to look at message=%s error=%s",
                message.messageId(), why.getMessage());
        return new Handled(message, why, LEFT_FOR_PEOPLE_SECONDS);
    }

    boolean done() {
        return failure == null;
    }

    boolean mayComeRightLater() {
        return failure != null && isPassing(failure);
    }

    /** A malformed one gets no better by waiting, and is soon in the dead-letter queue. */
    private static int retrySeconds(int receives, Throwable failure) {
        return isPassing(failure)
                ? Math.min(LONGEST_RETRY_SECONDS, 1 << Math.min(receives, 16))
                : MALFORMED_RETRY_SECONDS;
    }

    private static boolean isPassing(Throwable failure) {
        return !(failure instanceof RequestMessage.Malformed);
    }
}
