package dev.flashstock.simulation;

import dev.flashstock.inventory.Pauses;
import dev.flashstock.simulation.MessageQueue.Message;
import dev.flashstock.stock.Reservation;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/** Takes requests out of the queue and has each decided, round after round, as the consumer of SQS does. */
final class Consumer {
    private static final Duration BEFORE_LOOKING_AGAIN = Duration.ofMillis(100);
    private static final Duration LONGEST_DECISION =
            MessageQueue.VISIBILITY.multipliedBy(2).dividedBy(3);

    private final MessageQueue queue;
    private final Wire wire;
    private final Pauses pauses;
    private final Function<Message, Uni<Reservation>> decide;

    Consumer(MessageQueue queue, Wire wire, Pauses pauses, Function<Message, Uni<Reservation>> decide) {
        this.queue = queue;
        this.wire = wire;
        this.pauses = pauses;
        this.decide = decide;
    }

    void start() {
        round();
    }

    private void round() {
        queue.receive(wire)
                .onFailure()
                .recoverWithItem(List.of())
                .chain(this::handle)
                .chain(handled -> handled == 0
                        ? pauses.of(BEFORE_LOOKING_AGAIN)
                        : Uni.createFrom().voidItem())
                .subscribe()
                .with(over -> round());
    }

    private Uni<Integer> handle(List<Message> messages) {
        if (messages.isEmpty()) {
            return Uni.createFrom().item(0);
        }
        return Uni.join()
                .all(messages.stream().map(this::handle).toList())
                .andFailFast()
                .replaceWith(messages.size());
    }

    private Uni<Void> handle(Message message) {
        Uni<Boolean> decided =
                Uni.createFrom().deferred(() -> decide.apply(message)).replaceWith(true);
        Uni<Boolean> tooLate = pauses.of(LONGEST_DECISION).replaceWith(false);
        return Uni.join()
                .first(decided, tooLate)
                .toTerminate()
                .onFailure(Simulation::isTolerable)
                .recoverWithItem(false)
                .chain(done -> done ? queue.delete(wire, message) : queue.giveBack(wire, message))
                .onFailure(Simulation::isTolerable)
                .recoverWithNull();
    }
}
