package dev.flashstock.simulation;

import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Refusal;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.Reservation.Status;
import dev.flashstock.stock.ReservationRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What callers were told, held against the table: at once, and for ever after. */
final class Promises {
    private final ItemStore store;
    private final Trace trace;
    private final Map<Key.Reservation, Promise> promises = new LinkedHashMap<>();

    Promises(ItemStore store, Trace trace) {
        this.store = store;
        this.trace = trace;
    }

    /** What was said of one reservation. */
    private static final class Promise {
        private boolean accepted;
        private boolean held;
        private boolean confirmed;
        private boolean releaseAsked;
        private boolean released;
    }

    /**
     * A question.
     *
     * @param key of which reservation
     * @param wasThere whether it was in the table when the question was asked
     * @param micros when that was
     */
    record Question(Key.Reservation key, boolean wasThere, long micros) {}

    Question ask(Key.Reservation key, long micros) {
        return new Question(key, store.read(key) != null, micros);
    }

    void releaseAsked(Key.Reservation key) {
        of(key).releaseAsked = true;
    }

    private Promise of(Key.Reservation key) {
        return promises.computeIfAbsent(key, it -> new Promise());
    }

    private @Nullable Reservation stored(Key.Reservation key) {
        return (Reservation) store.read(key);
    }

    // Answers

    /** A request for units was answered. */
    void requested(Question question, ReservationRequest request, Outcome<Reservation> outcome, Pod pod) {
        boolean right = outcome.fold(
                it -> it.status() == Status.QUEUED ? accepted(question) : held(question, request, it),
                refusal -> refused(question, request, refusal, pod));
        check(right, question, request + " was answered " + outcome);
    }

    private boolean accepted(Question question) {
        of(question.key()).accepted = true;
        return true;
    }

    private boolean held(Question question, ReservationRequest request, Reservation answer) {
        of(question.key()).held = true;
        Reservation stored = stored(question.key());
        return stored != null
                && stored.shard() != null
                && request.quantity().equals(answer.quantity())
                && request.quantity().equals(stored.quantity());
    }

    private boolean refused(Question question, ReservationRequest request, Refusal refusal, Pod pod) {
        Reservation stored = stored(question.key());
        if (refusal instanceof Refusal.SoldOut) {
            return stored != null && stored.status() == Status.REJECTED
                    || !question.wasThere()
                            && pod.rejections()
                                    .allowFromMemory(
                                            request.sku(), request.quantity().units(), question.micros());
        }
        if (refusal instanceof Refusal.KeyReused) {
            return stored != null
                    && stored.quantity() != null
                    && !request.quantity().equals(stored.quantity());
        }
        if (refusal instanceof Refusal.RejectedBefore before) {
            Reservation.Rejection rejection = stored == null ? null : stored.rejection();
            return rejection != null && rejection.reason() == before.reason();
        }
        return refusal instanceof Refusal.WrongState && stored != null && stored.status() == Status.RELEASED;
    }

    /** A reservation was looked up. */
    void found(Question question, Reservation answer) {
        check(answer.status() != Status.QUEUED || !question.wasThere(), question, "It is there, and was not found");
    }

    /** A release was answered. */
    void released(Question question, Outcome<Reservation> outcome) {
        Reservation stored = stored(question.key());
        boolean right = stored != null
                && outcome.fold(
                        it -> stored.status() == Status.RELEASED && it.status() == Status.RELEASED
                                || stored.status() == Status.REJECTED && it.status() == Status.REJECTED,
                        refusal -> refusal instanceof Refusal.WrongState && stored.status() == Status.CONFIRMED);
        of(question.key()).released |= right && outcome instanceof Outcome.Done;
        check(right, question, "A release was answered " + outcome);
    }

    /** A confirmation was answered. */
    void confirmed(Question question, Outcome<Reservation> outcome) {
        Reservation stored = stored(question.key());
        boolean right = outcome.fold(
                it -> stored != null && stored.status() == Status.CONFIRMED,
                refusal -> refusal instanceof Refusal.WrongState wrong
                        && (stored == null || wrong.status() == stored.status() || wrong.status() == Status.QUEUED));
        of(question.key()).confirmed |= outcome instanceof Outcome.Done;
        check(right, question, "A confirmation was answered " + outcome);
    }

    private void check(boolean right, Question question, String said) {
        if (!right) {
            trace.violation(said + ", and the table has " + stored(question.key()) + ", asked " + question);
        }
    }

    // At rest

    /** Holds everything that was ever said against what the table has become. */
    void checkAll() {
        promises.forEach((key, promise) -> {
            Reservation stored = stored(key);
            if (!isKept(promise, stored)) {
                trace.violation("Broken promise for " + key + ": accepted " + promise.accepted + ", held "
                        + promise.held + ", confirmed " + promise.confirmed + ", released " + promise.released
                        + ", and the table has " + stored);
            }
        });
    }

    private static boolean isKept(Promise promise, @Nullable Reservation stored) {
        if (stored == null) {
            return !promise.accepted && !promise.held && !promise.confirmed && !promise.released;
        }
        return switch (stored.status()) {
            case HELD -> !promise.confirmed && !promise.released;
            case CONFIRMED -> !promise.released;
            case RELEASED -> promise.releaseAsked && !promise.confirmed;
            case REJECTED -> !promise.held && !promise.confirmed;
            case QUEUED, EXPIRED -> false;
        };
    }
}
