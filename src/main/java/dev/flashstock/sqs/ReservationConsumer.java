package dev.flashstock.sqs;

import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ReservationRequest;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * Takes requests out of SQS and has each decided. A few pollers each receive, handle and delete up to {@link
 * Queue#BATCH} messages at a time, then go on.
 *
 * <p>A message is deleted when all its requests are decided, or sent on ({@link Turns}). Until then it may come again,
 * to any consumer, and its requests find what became of them. One that fails is shown again after a growing wait; SQS
 * moves it to the dead-letter queue after {@code maxReceives} times, where one more poller gives its requests up ({@link
 * DeadLetters}). A request that is not genuine goes there at once ({@link Signatures}). After a failure nothing is received until the table answers, so that an outage does not use those times
 * up.
 */
public final class ReservationConsumer {
    /** What is counted of a request that could not be decided this time. */
    public static final String FAILED = "FAILED";

    /** What is counted of a request that is not genuine, and so not decided. */
    public static final String FORGED = "FORGED";

    private static final Logger LOG = Logger.getLogger(ReservationConsumer.class);

    private final Queue queue;
    private final Acknowledgements acknowledgements;
    private final SqsConfig config;
    private final Turns turns;
    private final DeadLetters deadLetters;
    private final Supplier<Uni<Void>> tableAnswers;

    private @Nullable Run run;

    /**
     * Consumes a queue.
     *
     * @param client the SDK's client
     * @param config names the queue
     * @param signatures tell which requests are believed, and which are not acted on
     * @param decide decides one request, once however often it is asked
     * @param giveUp ends one request that could not be decided, unless it was; once however often it is asked
     * @param tableAnswers completes when the table can be reached
     * @param count counts one request by what became of it
     */
    public ReservationConsumer(
            SqsAsyncClient client,
            SqsConfig config,
            Signatures signatures,
            Function<ReservationRequest, Uni<Reservation>> decide,
            Function<ReservationRequest, Uni<Reservation>> giveUp,
            Supplier<Uni<Void>> tableAnswers,
            Consumer<String> count) {
        this.queue = new Queue(client, config.queue());
        this.acknowledgements = new Acknowledgements(queue);
        this.config = config;
        Duration patience = config.visibility().multipliedBy(2).dividedBy(3);
        Queue dead = new Queue(client, config.deadLetterQueue());
        this.turns = new Turns(queue, dead, signatures, patience, decide, count);
        this.deadLetters = new DeadLetters(dead, config, signatures, patience, giveUp, count);
        this.tableAnswers = tableAnswers;
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
            pollers = Stream.concat(
                            IntStream.range(0, config.consumer().pollers())
                                    .mapToObj(i -> poller(ReservationConsumer.this::round)),
                            Stream.of(poller(deadLetters::round)))
                    .map(poller -> poller.poll().subscribeAsCompletionStage())
                    .toList();
        }

        private Poller poller(Supplier<Uni<Boolean>> round) {
            return new Poller(round, tableAnswers, () -> stopped);
        }

        Uni<Void> end() {
            stopped = true;
            return Uni.createFrom()
                    .completionStage(() -> CompletableFuture.allOf(pollers.toArray(CompletableFuture[]::new)))
                    .invoke(() -> LOG.info("Consumer stopped"));
        }
    }

    private Uni<Boolean> round() {
        return queue.receive(config.consumer().longPoll(), config.visibility()).chain(this::handle);
    }

    /** Whether all went well, or nothing worse came than a message that says nothing. */
    private Uni<Boolean> handle(List<Message> messages) {
        if (messages.isEmpty()) {
            return Uni.createFrom().item(true);
        }
        return Uni.join()
                .all(messages.stream().map(turns::of).toList())
                .andFailFast()
                .call(acknowledgements::send)
                .map(handled -> handled.stream().noneMatch(Handled::mayComeRightLater));
    }
}
