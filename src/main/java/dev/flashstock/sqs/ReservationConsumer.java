package dev.flashstock.sqs;

import dev.flashstock.inventory.Unavailable;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ReservationRequest;
import io.smallrye.mutiny.CompositeException;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;

/**
 * Takes requests out of SQS and has each decided. A few pollers each receive, handle and delete up to {@value
 * #BATCH} messages at a time, then go on.
 *
 * <p>A message is deleted when all its requests are decided. Until then it may come again, to any consumer, and its
 * requests find what became of them. One that fails is shown again after a growing wait; SQS moves it to the
 * dead-letter queue after {@code maxReceives} times. After a failure nothing is received until the table answers, so that
 * an outage does not use those times up.
 */
public final class ReservationConsumer {
    /** The most messages of one receive call: SQS's own bound. */
    static final int BATCH = 10;

    private static final Logger LOG = Logger.getLogger(ReservationConsumer.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /** What a receive call may take beyond its long poll. */
    private static final Duration NETWORK = Duration.ofSeconds(4);

    /** How many requests of one message are decided side by side. */
    private static final int REQUESTS_AT_ONCE = 16;

    private final Queue queue;
    private final Acknowledgements acknowledgements;
    private final SqsConfig config;
    private final Function<ReservationRequest, Uni<Reservation>> decide;
    private final Supplier<Uni<Void>> tableAnswers;
    private final Consumer<String> count;

    private @Nullable Run run;

    /**
     * Consumes a queue.
     *
     * @param client the SDK's client
     * @param config names the queue
     * @param decide decides one request, once however often it is asked
     * @param tableAnswers completes when the table can be reached
     * @param count counts one request by what became of it
     */
    public ReservationConsumer(
            SqsAsyncClient client,
            SqsConfig config,
            Function<ReservationRequest, Uni<Reservation>> decide,
            Supplier<Uni<Void>> tableAnswers,
            Consumer<String> count) {
        this.queue = new Queue(client, config.queue());
        this.acknowledgements = new Acknowledgements(queue);
        this.config = config;
        this.decide = decide;
        this.tableAnswers = tableAnswers;
        this.count = count;
    }

    /** Begins to consume, unless it does already. */
    public synchronized void start() {
        if (run == null) {
            run = new Run();
            LOG.infof("Consumer started pollers=%d", config.consumer().pollers());
        }
    }

    /**
     * Receives nothing more once the calls under way have ended, and finishes what it has.
     *
     * @return completes when every message received is decided, or left to come again: after a long poll's time or more
     */
    public synchronized Uni<Void> stop() {
        Run ending = run;
        run = null;
        return ending == null ? Uni.createFrom().voidItem() : ending.end();
    }

    /** The pollers from one start to the next stop. */
    private final class Run {
        private volatile boolean stopped;
        private final List<CompletableFuture<Void>> pollers;

        Run() {
            pollers = IntStream.range(0, config.consumer().pollers())
                    .mapToObj(i -> new Poller(() -> stopped).poll().subscribeAsCompletionStage())
                    .toList();
        }

        Uni<Void> end() {
            stopped = true;
            return Uni.createFrom()
                    .completionStage(() -> CompletableFuture.allOf(pollers.toArray(CompletableFuture[]::new)))
                    .invoke(() -> LOG.info("Consumer stopped"));
        }
    }

    /** One round after the other: receive, decide, acknowledge; after a failure a pause, and the table is asked first. */
    private final class Poller {
        private final BooleanSupplier stopped;

        /** Rounds in a row that went wrong. */
        private int failures;

        Poller(BooleanSupplier stopped) {
            this.stopped = stopped;
        }

        Uni<Void> poll() {
            return Multi.createBy()
                    .repeating()
                    .uni(this::round)
                    .until(wentWell -> stopped.getAsBoolean())
                    .collect()
                    .last()
                    .replaceWithVoid();
        }

        private Uni<Boolean> round() {
            return tableAnswersAgain()
                    .chain(ReservationConsumer.this::receive)
                    .chain(ReservationConsumer.this::handle)
                    .onFailure()
                    .invoke(e -> LOG.warnf("Queue not consumed, trying again error=%s", e.getMessage()))
                    .onFailure()
                    .recoverWithItem(false)
                    .invoke(wentWell -> failures = wentWell ? 0 : failures + 1)
                    .call(wentWell -> wentWell ? Uni.createFrom().voidItem() : pause());
        }

        private Uni<Void> tableAnswersAgain() {
            return failures == 0 ? Uni.createFrom().voidItem() : tableAnswers.get();
        }

        private Uni<Void> pause() {
            Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(failures - 1, 16));
            return Uni.createFrom()
                    .voidItem()
                    .onItem()
                    .delayIt()
                    .by(pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause);
        }
    }

    /**
     * A call under way is not given up when the consumer stops: what SQS answered to it would be hidden until its
     * visibility timeout is over, and count as received.
     */
    private Uni<List<Message>> receive() {
        Duration longPoll = config.consumer().longPoll();
        return queue.call((sqs, url) -> sqs.receiveMessage(request -> request.queueUrl(url)
                        .maxNumberOfMessages(BATCH)
                        .waitTimeSeconds((int) longPoll.toSeconds())
                        .visibilityTimeout((int) config.visibility().toSeconds())
                        .overrideConfiguration(timeouts -> timeouts.apiCallAttemptTimeout(longPoll.plus(NETWORK))
                                .apiCallTimeout(longPoll.plus(NETWORK)))
                        .messageSystemAttributeNames(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT)))
                .map(ReceiveMessageResponse::messages);
    }

    /** Whether all went well, or nothing worse came than a message that says nothing. */
    private Uni<Boolean> handle(List<Message> messages) {
        if (messages.isEmpty()) {
            return Uni.createFrom().item(true);
        }
        return Uni.join()
                .all(messages.stream().map(this::handle).toList())
                .andFailFast()
                .call(acknowledgements::send)
                .map(handled -> handled.stream().noneMatch(Handled::mayComeRightLater));
    }

    private Uni<Handled> handle(Message message) {
        return Uni.createFrom()
                .item(() -> RequestMessage.read(message.body()))
                .chain(this::decideAll)
                .map(done -> new Handled(message, null))
                .onFailure()
                .recoverWithItem(failure -> Handled.failed(message, failure));
    }

    private Uni<Void> decideAll(List<ReservationRequest> requests) {
        List<Uni<Reservation>> decisions =
                requests.stream().map(this::decideOne).toList();
        return Uni.join()
                .all(decisions)
                .usingConcurrencyOf(REQUESTS_AT_ONCE)
                .andCollectFailures()
                .onFailure(CompositeException.class)
                .transform(failures -> failures.getCauses().get(0))
                .replaceWithVoid();
    }

    private Uni<Reservation> decideOne(ReservationRequest request) {
        return Uni.createFrom()
                .deferred(() -> decide.apply(request))
                .ifNoItem()
                .after(config.visibility().multipliedBy(2).dividedBy(3))
                .failWith(() -> new Unavailable("A request was not decided before its message comes again"))
                .invoke(reservation -> count.accept(reservation.status().name()))
                .onFailure()
                .invoke(failure -> count.accept("FAILED"));
    }
}
