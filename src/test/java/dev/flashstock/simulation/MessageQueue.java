package dev.flashstock.simulation;

import dev.flashstock.stock.ReservationRequest;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/** A queue as SQS's standard ones are: in no order, at least once, a message comes again until it is deleted. */
final class MessageQueue {
    /** For how long a message that was received is hidden. */
    static final Duration VISIBILITY = Duration.ofSeconds(10);

    private static final int BATCH = 10;
    /** After so many it is a dead letter. */
    private static final int MOST_RECEIVES = 4;

    private final VirtualTime time;
    private final RandomGenerator random;
    private final Map<Long, Message> messages = new LinkedHashMap<>();
    private long number;

    MessageQueue(VirtualTime time, RandomGenerator random) {
        this.time = time;
        this.random = random;
    }

    /**
     * A message in the queue.
     *
     * @param number names it, until it is deleted
     * @param request what it says
     * @param hiddenUntil when it can be received, in microseconds
     * @param receives how often it was received
     */
    record Message(long number, ReservationRequest request, long hiddenUntil, int receives) {
        boolean isHopeless() {
            return receives >= MOST_RECEIVES;
        }
    }

    boolean isEmpty() {
        return messages.isEmpty();
    }

    Set<ReservationRequest> requests() {
        Set<ReservationRequest> requests = new HashSet<>();
        messages.values().forEach(it -> requests.add(it.request()));
        return requests;
    }

    Uni<Void> send(Wire wire, ReservationRequest request) {
        return wire.send((service, answer) -> {
            add(request);
            if (random.nextInt(50) == 0) {
                add(request);
            }
            answer.complete(null);
        });
    }

    private void add(ReservationRequest request) {
        Message message = new Message(number++, request, time.micros(), 0);
        messages.put(message.number(), message);
    }

    Uni<List<Message>> receive(Wire wire) {
        return wire.send((service, answer) -> {
            List<Message> visible = new ArrayList<>();
            messages.values().stream()
                    .filter(it -> it.hiddenUntil() <= time.micros())
                    .limit(4 * BATCH)
                    .forEach(visible::add);
            shuffle(visible);
            List<Message> received = List.copyOf(visible.subList(0, Math.min(BATCH, visible.size())));
            // Seldom one is shown to others as well.
            received.stream().filter(it -> random.nextInt(50) != 0).forEach(it -> hide(it, VISIBILITY, 1));
            answer.complete(received);
        });
    }

    private void shuffle(List<Message> visible) {
        for (int i = visible.size(); i > 1; i--) {
            Collections.swap(visible, i - 1, random.nextInt(i));
        }
    }

    private void hide(Message message, Duration howLong, int receives) {
        long until = time.micros() + howLong.toMillis() * 1_000;
        messages.computeIfPresent(
                message.number(),
                (same, it) -> new Message(it.number(), it.request(), until, it.receives() + receives));
    }

    Uni<Void> delete(Wire wire, Message message) {
        return wire.send((service, answer) -> {
            messages.remove(message.number());
            answer.complete(null);
        });
    }

    /** Shows a message again soon. */
    Uni<Void> giveBack(Wire wire, Message message) {
        return wire.send((service, answer) -> {
            hide(message, Duration.ofSeconds(1), 0);
            answer.complete(null);
        });
    }
}
