package dev.flashstock.sqs;

import dev.flashstock.inventory.ReservationQueue;
import dev.flashstock.inventory.Unavailable;
import dev.flashstock.sqs.Line.Batch;
import dev.flashstock.sqs.Line.Parcel;
import dev.flashstock.sqs.Line.Waiting;
import dev.flashstock.stock.ReservationRequest;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/**
 * Requests into SQS, a standard queue. Each SKU is a message group of its own, so that one in demand does not keep the
 * others waiting (fair queues).
 *
 * <p>A few sends are under way at most. A request that comes while there are fewer is sent at once; what comes while
 * there are enough waits in {@link Line}, and the end of one sends it, packed. There is no timer: the busier SQS is, the
 * more goes into a message. Each caller hears what became of the message with its own request.
 */
public final class SqsReservationQueue implements ReservationQueue {
    private static final Logger LOG = Logger.getLogger(SqsReservationQueue.class);

    private final Queue queue;
    private final Line line;
    private final Signatures signatures;
    private final IntConsumer sent;

    /**
     * Uses a queue.
     *
     * @param client the SDK's client
     * @param config names the queue, and bounds the sends under way
     * @param signatures what requests are sent with
     * @param sent told of each message that SQS has taken how many requests are in it
     */
    public SqsReservationQueue(SqsAsyncClient client, SqsConfig config, Signatures signatures, IntConsumer sent) {
        this.queue = new Queue(client, config.queue());
        this.line = new Line(config.sends());
        this.signatures = signatures;
        this.sent = sent;
    }

    /** {@inheritDoc} It fails with {@link Unavailable} also when too many wait. A caller who cancels is left out. */
    @Override
    public Uni<Void> send(ReservationRequest request) {
        return Uni.createFrom().emitter(caller -> join(request, caller));
    }

    private void join(ReservationRequest request, UniEmitter<? super Void> caller) {
        Waiting waiting = new Waiting(request.sku(), RequestMessage.write(request, signatures), caller);
        if (line.join(waiting)) {
            caller.onTermination(() -> line.leave(waiting));
            sendWhatWaits();
        } else {
            caller.fail(new Unavailable(Line.MAX_WAITING + " requests wait to be sent to SQS already"));
        }
    }

    /** Callers are answered when the next send is under way: what they do then does not keep the others waiting. */
    private void sendWhatWaits() {
        Sending over = null;
        for (Batch next = line.next(); next != null; next = line.next()) {
            Sending sending = new Sending(next);
            boolean atOnce = sending.start();
            if (over != null) {
                over.answer();
            }
            over = atOnce ? sending : null;
        }
        if (over != null) {
            over.answer();
        }
    }

    /**
     * A send under way. Two come to its end: who has started it, and its outcome. The second of them goes on from there:
     * sends that end before they are started, so to speak, are a loop and no recursion.
     */
    private final class Sending {
        private final Batch batch;
        private final AtomicBoolean oneIsThere = new AtomicBoolean();

        private Map<Integer, RuntimeException> refused = Map.of();
        private @Nullable Throwable failure;
        private List<Waiting> inVain = List.of();

        Sending(Batch batch) {
            this.batch = batch;
        }

        /** Whether it is over already. */
        boolean start() {
            Uni.createFrom()
                    .deferred(() -> queue.send(
                            batch.parcels().stream().map(Parcel::envelope).toList(), 0))
                    .subscribe()
                    .with(this::hasAnswer, this::hasFailed);
            return isOver();
        }

        private void hasAnswer(Map<Integer, RuntimeException> refusals) {
            refused = refusals;
            goOn();
        }

        private void hasFailed(Throwable why) {
            failure = why;
            goOn();
        }

        private void goOn() {
            if (isOver()) {
                sendWhatWaits();
                answer();
            }
        }

        private boolean isOver() {
            if (!oneIsThere.getAndSet(true)) {
                return false;
            }
            line.ended();
            if (failure instanceof Unavailable) {
                // They have waited as long as SQS has had to answer: the next send would let them wait as long again.
                inVain = line.leaveAllBefore(batch);
            }
            return true;
        }

        void answer() {
            for (int i = 0; i < batch.parcels().size(); i++) {
                List<Waiting> callers = batch.parcels().get(i).callers();
                Throwable why = failure == null ? refused.get(i) : failure;
                if (why == null) {
                    safely(() -> sent.accept(callers.size()));
                }
                answer(callers, why);
            }
            answer(inVain, failure);
        }

        private static void answer(List<Waiting> callers, @Nullable Throwable why) {
            callers.forEach(it -> safely(() -> {
                if (why == null) {
                    it.caller().complete(null);
                } else {
                    it.caller().fail(why);
                }
            }));
        }

        private static void safely(Runnable telling) {
            try {
                telling.run();
            } catch (RuntimeException | Error e) { // the others must have their answers
                LOG.error("What became of a request cannot be told", e);
            }
        }
    }
}
