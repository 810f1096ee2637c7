package dev.flashstock.sqs;

import dev.flashstock.inventory.Unavailable;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ReservationRequest;
import io.smallrye.mutiny.CompositeException;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/**
 * Takes requests out of SQS and has each decided. A few pollers each receive, handle and delete up to {@value
 * #BATCH} messages at a time, then go on.
 *
 * <p>A message is deleted when all its requests are decided. Until then it may come again, to any consumer, and its
 * requests find what became of them. One that fails is shown again after a growing wait; SQS moves it to the
 * dead-letter queue after {@code maxReceives} times. While the table is out of reach nothing is received, so that an
 * outage does not use those times up.
 */
public final class ReservationConsumer {
    /** The most messages of one receive call: SQS's own bound. */
    static final int BATCH = 10;

    private static final Logger LOG = Logger.getLogger(ReservationConsumer.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    /** What a receive call may take beyond its long poll. */
    private static final Duration NETWORK = Duration.ofSeconds(4);

    private static final int LONGEST_RETRY_SECONDS = 60;

    private final Queue queue;
    private final SqsConfig.Consumer config;
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
        this.config = config.consumer();
        this.decide = decide;
        this.tableAnswers = tableAnswers;
        this.count = count;
    }

    /** Begins to consume, unless it does already. */
    public synchronized void start() {
        if (run == null) {
            run = new Run();
            LOG.infof("Consumer started pollers=%d", config.pollers());
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
        private final CompletableFuture<Void> stopped = new CompletableFuture<>();
        private final List<CompletableFuture<Void>> pollers;

        Run() {
            pollers = IntStream.range(0, config.pollers())
                    .mapToObj(i -> poll().subscribeAsCompletionStage())
                    .toList();
        }

        Uni<Void> end() {
            stopped.complete(null);
            return Uni.createFrom()
                    .completionStage(() -> CompletableFuture.allOf(pollers.toArray(CompletableFuture[]::new)))
                    .invoke(() -> LOG.info("Consumer stopped"));
        }

        private Uni<Void> poll() {
            return Multi.createBy()
                    .repeating()
                    .uni(this::round)
                    .until(handled -> stopped.isDone())
                    .collect()
                    .last()
                    .replaceWithVoid();
        }

        private Uni<Boolean> round() {
            return receive()
                    .chain(this::handle)
                    .onFailure()
                    .invoke(e -> LOG.error("Poller failed, it goes on", e))
                    .onFailure()
                    .recoverWithUni(this::pause);
        }

        private Uni<Boolean> pause() {
            return Uni.createFrom().item(false).onItem().delayIt().by(LONGEST_PAUSE);
        }

        /**
         * A call under way is not given up when the consumer stops: what SQS answered to it would be hidden until its
         * visibility timeout is over, and count as received, until the dead-letter queue gets it unread.
         */
        private Uni<List<Message>> receive() {
            return receiveOnce().onFailure().recoverWithUni(() -> untilStopped(receiveAgain(), List.of()));
        }

        private Uni<List<Message>> receiveAgain() {
            return receiveOnce()
                    .onFailure()
                    .retry()
                    .withBackOff(FIRST_PAUSE, LONGEST_PAUSE)
                    .indefinitely();
        }

        private Uni<List<Message>> receiveOnce() {
            return queue.call((sqs, url) -> sqs.receiveMessage(request -> request.queueUrl(url)
                            .maxNumberOfMessages(BATCH)
                            .waitTimeSeconds((int) config.longPoll().toSeconds())
                            .overrideConfiguration(timeouts -> timeouts.apiCallAttemptTimeout(
                                            config.longPoll().plus(NETWORK))
                                    .apiCallTimeout(config.longPoll().plus(NETWORK)))
                            .messageSystemAttributeNames(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT)))
                    .map(response -> response.messages())
                    .onFailure()
                    .invoke(e -> LOG.warnf("Queue cannot be read, trying again error=%s", e.getMessage()));
        }

        private Uni<Boolean> handle(List<Message> messages) {
            if (messages.isEmpty()) {
                return Uni.createFrom().item(true);
            }
            return Uni.join()
                    .all(messages.stream().map(ReservationConsumer.this::handle).toList())
                    .andFailFast()
                    .call(ReservationConsumer.this::settle)
                    .chain(handled -> handled.stream().anyMatch(Handled::tableIsAway)
                            ? untilStopped(tableIsBack(), false)
                            : Uni.createFrom().item(true));
        }

        private Uni<Boolean> tableIsBack() {
            return Uni.createFrom()
                    .deferred(tableAnswers::get)
                    .onFailure()
                    .retry()
                    .withBackOff(FIRST_PAUSE, LONGEST_PAUSE)
                    .indefinitely()
                    .replaceWith(true);
        }

        private <T> Uni<T> untilStopped(Uni<T> work, T otherwise) {
            Uni<T> stop = Uni.createFrom().completionStage(() -> stopped.copy()).replaceWith(() -> otherwise);
            return Uni.combine().any().of(work, stop);
        }
    }

    /**
     * What came of a message.
     *
     * @param message the message
     * @param failure why it is not done; null when it is
     */
    private record Handled(Message message, @Nullable Throwable failure) {
        boolean tableIsAway() {
            return failure instanceof Unavailable;
        }
    }

    private Uni<Handled> handle(Message message) {
        return Uni.createFrom()
                .item(() -> RequestMessage.read(message.body()))
                .chain(this::decideAll)
                .map(done -> new Handled(message, null))
                .onFailure()
                .recoverWithItem(failure -> failed(message, failure));
    }

    private Uni<Void> decideAll(List<ReservationRequest> requests) {
        List<Uni<Reservation>> decisions =
                requests.stream().map(this::decideOne).toList();
        return Uni.join()
                .all(decisions)
                .andCollectFailures()
                .onFailure(CompositeException.class)
                .transform(failures -> mostTelling(failures.getCauses()))
                .replaceWithVoid();
    }

    private static Throwable mostTelling(List<Throwable> failures) {
        return failures.stream()
                .filter(Unavailable.class::isInstance)
                .findFirst()
                .orElse(failures.get(0));
    }

    private Uni<Reservation> decideOne(ReservationRequest request) {
        return Uni.createFrom()
                .deferred(() -> decide.apply(request))
                .invoke(reservation -> count.accept(reservation.status().name()))
                .onFailure()
                .invoke(failure -> count.accept("FAILED"));
    }

    private static Handled failed(Message message, Throwable failure) {
        LOG.warnf(
                "Message not handled, it comes again message=%s receives=%d error=%s",
                message.messageId(), receives(message), failure.getMessage());
        return new Handled(message, failure);
    }

    private Uni<Void> settle(List<Handled> handled) {
        return Uni.join().all(delete(handled), showAgain(handled)).andFailFast().replaceWithVoid();
    }

    private Uni<Void> delete(List<Handled> handled) {
        List<DeleteMessageBatchRequestEntry> done = new ArrayList<>();
        for (Handled it : handled) {
            if (it.failure() == null) {
                done.add(DeleteMessageBatchRequestEntry.builder()
                        .id(Integer.toString(done.size()))
                        .receiptHandle(it.message().receiptHandle())
                        .build());
            }
        }
        return done.isEmpty()
                ? Uni.createFrom().voidItem()
                : harmless(queue.call((sqs, url) ->
                        sqs.deleteMessageBatch(request -> request.queueUrl(url).entries(done))));
    }

    private Uni<Void> showAgain(List<Handled> handled) {
        List<ChangeMessageVisibilityBatchRequestEntry> failed = new ArrayList<>();
        for (Handled it : handled) {
            if (it.failure() != null) {
                failed.add(ChangeMessageVisibilityBatchRequestEntry.builder()
                        .id(Integer.toString(failed.size()))
                        .receiptHandle(it.message().receiptHandle())
                        .visibilityTimeout(retrySeconds(it))
                        .build());
            }
        }
        return failed.isEmpty()
                ? Uni.createFrom().voidItem()
                : harmless(queue.call((sqs, url) -> sqs.changeMessageVisibilityBatch(
                        request -> request.queueUrl(url).entries(failed))));
    }

    /** A malformed message gets no better by waiting. */
    private static int retrySeconds(Handled handled) {
        return handled.failure() instanceof RequestMessage.Malformed
                ? 0
                : Math.min(LONGEST_RETRY_SECONDS, 1 << Math.min(receives(handled.message()), 16));
    }

    private static int receives(Message message) {
        return Integer.parseInt(
                message.attributes().getOrDefault(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "1"));
    }

    /** What is not deleted or shown again now comes again when its visibility timeout is over. */
    private static Uni<Void> harmless(Uni<?> call) {
        return call.replaceWithVoid()
                .onFailure()
                .invoke(e -> LOG.warnf("Messages not settled, they come again error=%s", e.getMessage()))
                .onFailure()
                .recoverWithNull();
    }
}
