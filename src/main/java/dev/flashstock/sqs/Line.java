package dev.flashstock.sqs;

import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who waits until their requests are sent, and how they are packed. At most {@value #MAX_WAITING} wait.
 *
 * <p>Requests of one SKU go together in a message, the oldest first; SKUs take turns, so that one in demand keeps no
 * other waiting. A message has at most {@value #MESSAGE_BYTES} bytes: {@link Queue#BATCH} of them are always one call.
 */
final class Line {
    /** The most requests that wait in this process. */
    static final int MAX_WAITING = 10_000;

    /** The most bytes of a message: about 100 requests, a group commit. */
    static final int MESSAGE_BYTES = 16_384;

    private final int sends;

    /** By SKU; the SKU whose turn is next is the first. */
    private final Map<Sku, Set<Waiting>> waiting = new LinkedHashMap<>();

    private int size;
    private int underWay;
    private long joined;

    /** Somebody who waits. */
    static final class Waiting {
        private final Sku sku;
        private final String request;
        private final UniEmitter<? super Void> caller;
        private long number;

        Waiting(Sku sku, String request, UniEmitter<? super Void> caller) {
            this.sku = sku;
            this.request = request;
            this.caller = caller;
        }

        UniEmitter<? super Void> caller() {
            return caller;
        }
    }

    /** A message, and whose requests are in it. */
    record Parcel(Sku sku, List<Waiting> callers) {
        Envelope envelope() {
            return new Envelope(
                    sku.value(),
                    RequestMessage.join(callers.stream().map(it -> it.request).toList()));
        }
    }

    /**
     * What one call sends.
     *
     * @param parcels 1 to {@link Queue#BATCH} messages
     * @param joined how many had joined by then
     */
    record Batch(List<Parcel> parcels, long joined) {}

    /**
     * Begins empty.
     *
     * @param sends the most batches under way at a time
     */
    Line(int sends) {
        this.sends = sends;
    }

    /** Lets somebody wait; false: too many do already. */
    synchronized boolean join(Waiting one) {
        if (size == MAX_WAITING) {
            return false;
        }
        size++;
        one.number = ++joined;
        return waiting.computeIfAbsent(one.sku, sku -> new LinkedHashSet<>()).add(one);
    }

    /** Somebody does not wait any more; nothing happens when the request is on its way. */
    synchronized void leave(Waiting one) {
        Set<Waiting> same = waiting.get(one.sku);
        if (same != null && same.remove(one)) {
            size--;
            if (same.isEmpty()) {
                waiting.remove(one.sku);
            }
        }
    }

    /** What is to be sent now, which is under way from then on; null: nothing, or enough is under way. */
    synchronized @Nullable Batch next() {
        if (underWay == sends || waiting.isEmpty()) {
            return null;
        }
        underWay++;
        List<Parcel> parcels = new ArrayList<>();
        while (parcels.size() < Queue.BATCH && !waiting.isEmpty()) {
            parcels.add(takeTurn());
        }
        return new Batch(parcels, joined);
    }

    private Parcel takeTurn() {
        Iterator<Map.Entry<Sku, Set<Waiting>>> turns = waiting.entrySet().iterator();
        Map.Entry<Sku, Set<Waiting>> first = turns.next();
        turns.remove();
        Parcel parcel = new Parcel(first.getKey(), fill(first.getValue()));
        size -= parcel.callers().size();
        if (!first.getValue().isEmpty()) {
            waiting.put(first.getKey(), first.getValue());
        }
        return parcel;
    }

    /** As many as fit, and one in any case: a request has less than 1 KiB. */
    private static List<Waiting> fill(Set<Waiting> same) {
        List<Waiting> taken = new ArrayList<>();
        int bytes = RequestMessage.FRAME_BYTES;
        Iterator<Waiting> oldestFirst = same.iterator();
        while (oldestFirst.hasNext()) {
            Waiting one = oldestFirst.next();
            bytes += one.request.length() + 1;
            if (bytes > MESSAGE_BYTES && !taken.isEmpty()) {
                break;
            }
            taken.add(one);
            oldestFirst.remove();
        }
        return taken;
    }

    /** A batch is not under way any more. */
    synchronized void ended() {
        underWay--;
    }

    /** Those leave who waited already when a batch was taken out. */
    synchronized List<Waiting> leaveAllBefore(Batch batch) {
        List<Waiting> gone = waiting.values().stream()
                .flatMap(Set::stream)
                .filter(it -> it.number <= batch.joined())
                .toList();
        gone.forEach(this::leave);
        return gone;
    }
}
