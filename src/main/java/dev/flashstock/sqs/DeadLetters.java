package dev.flashstock.sqs;

import dev.flashstock.inventory.Unavailable;
import dev.flashstock.sqs.RequestMessage.Content;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.Reservation.Reason;
import dev.flashstock.stock.ReservationRequest;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jboss.logging.Logger;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * Messages that were received too often: their requests are given up, so that whoever asked learns of it. What cannot be
 * read, or is not genuine, stays in the dead-letter queue: nothing is written down about the user whom it names.
 */
final class DeadLetters {
    private static final Logger LOG = Logger.getLogger(ReservationConsumer.class);

    /** Nobody is in a hurry here, and the table has others to serve. */
    private static final int AT_ONCE = 8;

    private final Queue queue;
    private final SqsConfig config;
    private final Signatures signatures;
    private final Duration patience;
    private final Acknowledgements acknowledgements;
    private final Function<ReservationRequest, Uni<Reservation>> giveUp;
    private final Consumer<String> count;

    /**
     * Looks after a dead-letter queue.
     *
     * @param queue the dead-letter queue
     * @param config how it is polled
     * @param signatures tell which requests are believed
     * @param patience how long giving one request up may take
     * @param giveUp ends one request that could not be decided
     * @param count counts one request that was given up
     */
    DeadLetters(
            Queue queue,
            SqsConfig config,
            Signatures signatures,
            Duration patience,
            Function<ReservationRequest, Uni<Reservation>> giveUp,
            Consumer<String> count) {
        this.queue = queue;
        this.config = config;
        this.signatures = signatures;
        this.patience = patience;
        this.acknowledgements = new Acknowledgements(queue);
        this.giveUp = giveUp;
        this.count = count;
    }

    /** Receives and handles some; whether all went well. */
    Uni<Boolean> round() {
        return queue.receive(config.consumer().longPoll(), config.visibility()).chain(this::giveUp);
    }

    /** One message after the other. */
    private Uni<Boolean> giveUp(List<Message> messages) {
        if (messages.isEmpty()) {
            return Uni.createFrom().item(true);
        }
        return Uni.join()
                .all(messages.stream().map(this::giveUp).toList())
                .usingConcurrencyOf(1)
                .andFailFast()
                .call(acknowledgements::send)
                .map(handled -> handled.stream().noneMatch(Handled::mayComeRightLater));
    }

    private Uni<Handled> giveUp(Message message) {
        return Uni.createFrom()
                .item(() -> RequestMessage.read(message.body(), signatures))
                .call(content -> giveUpAll(message, content.requests()))
                .invoke(DeadLetters::nothingMustBeLeft)
                .replaceWith(() -> Handled.done(message))
                .onFailure()
                .recoverWithItem(failure -> failure instanceof RequestMessage.Malformed malformed
                        ? Handled.leftForPeople(message, malformed)
                        : Handled.failed(message, failure));
    }

    private Uni<Void> giveUpAll(Message message, List<ReservationRequest> requests) {
        if (requests.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        LOG.warnf(
                "Dead letter, its requests are given up message=%s requests=%d", message.messageId(), requests.size());
        return Uni.join()
                .all(requests.stream().map(this::giveUpOne).toList())
                .usingConcurrencyOf(AT_ONCE)
                .andFailFast()
                .replaceWithVoid();
    }

    private Uni<Reservation> giveUpOne(ReservationRequest request) {
        return Uni.createFrom()
                .deferred(() -> giveUp.apply(request))
                .ifNoItem()
                .after(patience)
                .failWith(() -> new Unavailable("A request was not given up before its dead letter comes again"))
                .invoke(this::count);
    }

    private void count(Reservation ended) {
        Reservation.Rejection rejection = ended.rejection();
        if (rejection != null && rejection.reason() == Reason.NOT_DECIDED) {
            count.accept(Reason.NOT_DECIDED.name());
        }
    }

    private static void nothingMustBeLeft(Content content) {
        if (!content.unreadable().isEmpty() || !content.forged().isEmpty()) {
            throw new RequestMessage.Malformed(
                    "unreadable=" + content.unreadable().size() + " forged="
                            + content.forged().size());
        }
    }
}
