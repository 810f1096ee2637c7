package dev.flashstock.sqs;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/** One round after the other until it is told to stop; after one that went wrong a pause, and the table is asked first. */
final class Poller {
    private static final Logger LOG = Logger.getLogger(ReservationConsumer.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final Supplier<Uni<Boolean>> round;
    private final Supplier<Uni<Void>> tableAnswers;
    private final BooleanSupplier stopped;

    /** Rounds in a row that went wrong. */
    private int failures;

    /**
     * Prepares to poll.
     *
     * @param round receives and handles; tells whether all went well
     * @param tableAnswers completes when the table can be reached
     * @param stopped whether this was the last round
     */
    Poller(Supplier<Uni<Boolean>> round, Supplier<Uni<Void>> tableAnswers, BooleanSupplier stopped) {
        this.round = round;
        this.tableAnswers = tableAnswers;
        this.stopped = stopped;
    }

    /** Polls; completes when the last round has ended. */
    Uni<Void> poll() {
        return Multi.createBy()
                .repeating()
                .uni(this::next)
                .until(wentWell -> stopped.getAsBoolean())
                .collect()
                .last()
                .replaceWithVoid();
    }

    private Uni<Boolean> next() {
        return tableAnswersAgain()
                .chain(round::get)
                .onFailure()
                .invoke(this::tell)
                .onFailure()
                .recoverWithItem(false)
                .invoke(wentWell -> failures = wentWell ? 0 : failures + 1)
                .call(wentWell -> wentWell ? Uni.createFrom().voidItem() : pause());
    }

    private Uni<Void> tableAnswersAgain() {
        return failures == 0 ? Uni.createFrom().voidItem() : tableAnswers.get();
    }

    /** The first time, the second, the fourth, and so on: what lasts need not be told every five seconds. */
    private void tell(Throwable failure) {
        if (Integer.bitCount(failures + 1) == 1) {
            LOG.warnf("Queue not consumed, trying again failures=%d error=%s", failures + 1, failure.getMessage());
        }
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
