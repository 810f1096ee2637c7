package dev.flashstock.sqs;

import dev.flashstock.inventory.Unavailable;
import dev.flashstock.sqs.RequestMessage.Content;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ReservationRequest;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/**
 * The turn of a message has come: all its requests are decided side by side, so that they share transactions.
 *
 * <p>When none could be decided, it is not for a request's sake, and the message stays. When some could, the others are
 * sent on before the message is deleted: what is bad alone, each in a message of its own, so that it does not keep the
 * rest coming again; what the table did not answer together, because it may be much and will be right the next time.
 * Whoever dies between sending on and deleting leaves a second copy, and that is harmless.
 *
 * <p>What is not genuine is never decided. It goes to the dead-letter queue at once: it gets no better by coming again.
 */
final class Turns {
    /** An alarm looks for this in the log. */
    static final String NOT_GENUINE = "Queued requests are not genuine";

    private static final Logger LOG = Logger.getLogger(ReservationConsumer.class);

    /** What is sent on has just failed: not at once again. */
    private static final int SENT_ON_DELAY_SECONDS = 2;

    private final Queue queue;
    private final Queue deadLetters;
    private final Signatures signatures;
    private final Duration patience;
    private final Function<ReservationRequest, Uni<Reservation>> decide;
    private final Consumer<String> count;

    /**
     * What came of a request.
     *
     * @param request what was asked for
     * @param failure why it is not decided; null when it is
     */
    private record Turn(
            ReservationRequest request, @Nullable Throwable failure) {
        boolean decided() {
            return failure == null;
        }

        boolean mayComeRightLater() {
            return failure instanceof Unavailable;
        }

        Uni<Void> fail() {
            return Uni.createFrom().failure(() -> Objects.requireNonNull(failure));
        }
    }

    /**
     * Decides requests.
     *
     * @param queue where they are sent on
     * @param deadLetters where those go that are not genuine
     * @param signatures tell which are, and sign what is sent on
     * @param patience how long deciding one may take
     * @param decide decides one request, once however often it is asked
     * @param count counts one request by what became of it
     */
    Turns(
            Queue queue,
            Queue deadLetters,
            Signatures signatures,
            Duration patience,
            Function<ReservationRequest, Uni<Reservation>> decide,
            Consumer<String> count) {
        this.queue = queue;
        this.deadLetters = deadLetters;
        this.signatures = signatures;
        this.patience = patience;
        this.decide = decide;
        this.count = count;
    }

    /** Has a message's requests decided; never fails. */
    Uni<Handled> of(Message message) {
        return Uni.createFrom()
                .item(() -> RequestMessage.read(message.body(), signatures))
                .chain(content -> decideAll(content.requests()).chain(turns -> conclude(message, content, turns)))
                .replaceWith(() -> Handled.done(message))
                .onFailure()
                .recoverWithItem(failure -> Handled.failed(message, failure));
    }

    private Uni<List<Turn>> decideAll(List<ReservationRequest> requests) {
        return requests.isEmpty()
                ? Uni.createFrom().item(List.of())
                : Uni.join()
                        .all(requests.stream().map(this::decideOne).toList())
                        .andFailFast();
    }

    private Uni<Turn> decideOne(ReservationRequest request) {
        return Uni.createFrom()
                .deferred(() -> decide.apply(request))
                .ifNoItem()
                .after(patience)
                .failWith(() -> new Unavailable("A request was not decided before its message comes again"))
                .invoke(reservation -> count.accept(reservation.status().name()))
                .map(reservation -> new Turn(request, null))
                .onFailure()
                .invoke(failure -> count.accept(ReservationConsumer.FAILED))
                .onFailure()
                .recoverWithItem(failure -> new Turn(request, failure));
    }

    /** Completes when the message is not needed any more; else fails. */
    private Uni<Void> conclude(Message message, Content content, List<Turn> turns) {
        return !turns.isEmpty() && turns.stream().noneMatch(Turn::decided)
                ? turns.get(0).fail()
                : sendOn(leftOver(message, content, turns)).chain(() -> setAside(message, content.forged()));
    }

    /** Told before it is done: it shall not depend on whether the dead-letter queue takes them. */
    private Uni<Void> setAside(Message message, List<String> forged) {
        if (forged.isEmpty()) {
            return Uni.createFrom().voidItem();
        }
        LOG.errorf(
                "%s, set aside as dead letters message=%s requests=%d",
                NOT_GENUINE, message.messageId(), forged.size());
        forged.forEach(it -> count.accept(ReservationConsumer.FORGED));
        return deadLetters
                .send(List.of(new Envelope(group(message), RequestMessage.join(forged))), 0)
                .invoke(Turns::mustBeEmpty)
                .replaceWithVoid();
    }

    private static @Nullable String group(Message message) {
        return message.attributes().get(MessageSystemAttributeName.MESSAGE_GROUP_ID);
    }

    private List<Envelope> leftOver(Message message, Content content, List<Turn> turns) {
        List<Envelope> alone = new ArrayList<>();
        content.unreadable().forEach(it -> {
            LOG.warnf("Request cannot be read, sent on alone message=%s", message.messageId());
            alone.add(new Envelope(group(message), RequestMessage.join(List.of(it))));
        });
        List<ReservationRequest> together = new ArrayList<>();
        for (Turn turn : turns) {
            if (turn.mayComeRightLater()) {
                together.add(turn.request());
            } else if (!turn.decided()) {
                LOG.warnf(
                        "Request not decided, sent on alone id=%s error=%s",
                        turn.request().id(), turn.failure());
                alone.add(envelope(List.of(turn.request())));
            }
        }
        if (!together.isEmpty()) {
            LOG.warnf("Requests not decided, sent on message=%s requests=%d", message.messageId(), together.size());
            alone.add(envelope(together));
        }
        return alone;
    }

    private Envelope envelope(List<ReservationRequest> requests) {
        return new Envelope(requests.get(0).sku().value(), RequestMessage.write(requests, signatures));
    }

    private Uni<Void> sendOn(List<Envelope> messages) {
        return Multi.createFrom()
                .iterable(calls(messages))
                .onItem()
                .transformToUniAndConcatenate(call -> queue.send(call, SENT_ON_DELAY_SECONDS))
                .invoke(Turns::mustBeEmpty)
                .collect()
                .last()
                .replaceWithVoid();
    }

    /** As many to a call as SQS takes. */
    private static List<List<Envelope>> calls(List<Envelope> messages) {
        List<List<Envelope>> calls = new ArrayList<>();
        int bytes = 0;
        for (Envelope message : messages) {
            bytes += message.body().length();
            if (calls.isEmpty() || last(calls).size() == Queue.BATCH || bytes > Queue.BATCH_BYTES) {
                calls.add(new ArrayList<>());
                bytes = message.body().length();
            }
            last(calls).add(message);
        }
        return calls;
    }

    private static List<Envelope> last(List<List<Envelope>> calls) {
        return calls.get(calls.size() - 1);
    }

    private static void mustBeEmpty(Map<Integer, RuntimeException> refused) {
        refused.values().stream().findFirst().ifPresent(failure -> {
            throw failure;
        });
    }
}
