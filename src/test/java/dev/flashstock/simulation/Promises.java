package dev.flashstock.simulation;

import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Refusal;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.Reservation.Status;
import dev.flashstock.stock.ReservationRequest;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What callers were told, held against the table: at once, and for ever after. */
final class Promises {
    private final ItemStore store;
    private final LimitCheck limits;
    private final Trace trace;
    private final Map<Key.Reservation, Promise> promises = new LinkedHashMap<>();

    Promises(ItemStore store, LimitCheck limits, Trace trace) {
        this.store = store;
        this.limits = limits;
        this.trace = trace;
    }

    /** What was said of one reservation. */
    private static final class Promise {
        private boolean accepted;
        private boolean held;
        private boolean releaseAsked;
        /** Until when it is held at least. */
        private @Nullable Instant until;

        /** Extended to when; sold with which payment; otherwise over. */
        private @Nullable Reservation last;

        @Override
        public String toString() {
            return "accepted " + accepted + ", held " + held + " until " + until + ", release asked " + releaseAsked
                    + ", last heard of " + last;
        }
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
        Reservation stored = stored(question.key());
        of(question.key()).held = true;
        Promise promise = of(question.key());
        Instant until = answer.expiresAt();
        if (until != null && (promise.until == null || until.isAfter(promise.until))) {
            promise.until = until;
        }
        return stored != null
                && stored.shard() != null
                && request.quantity().equals(answer.quantity())
                && request.quantity().equals(stored.quantity());
    }

    private boolean refused(Question question, ReservationRequest request, Refusal refusal, Pod pod) {
        Reservation stored = stored(question.key());
        if (refusal instanceof Refusal.SoldOut) {
            return isRejected(stored, Reservation.Reason.SOLD_OUT)
                    || !question.wasThere()
                            && pod.rejections()
                                    .allowFromMemory(
                                            request.sku(), request.quantity().units(), question.micros());
        }
        if (refusal instanceof Refusal.OverLimit) {
            return isRejected(stored, Reservation.Reason.OVER_LIMIT)
                    || !question.wasThere()
                            && limits.lowest(request.sku())
                                    .filter(it -> it < request.quantity().units())
                                    .isPresent();
        }
        if (refusal instanceof Refusal.KeyReused) {
            return stored != null
                    && stored.quantity() != null
                    && !request.quantity().equals(stored.quantity());
        }
        if (refusal instanceof Refusal.RejectedBefore before) {
            return isRejected(stored, before.reason());
        }
        if (refusal instanceof Refusal.Crowded) {
            return true; // this question did nothing; an earlier one with its key may have, or may be about to
        }
        return refusal instanceof Refusal.WrongState wrong
                && stored != null
                && stored.status() == wrong.status()
                && (wrong.status() == Status.RELEASED || wrong.status() == Status.EXPIRED);
    }

    private static boolean isRejected(@Nullable Reservation stored, Reservation.Reason reason) {
        Reservation.Rejection rejection = stored == null ? null : stored.rejection();
        return rejection != null && rejection.reason() == reason;
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
                        it -> isSame(it, stored) && isOver(it.status()),
                        refusal -> refusal instanceof Refusal.WrongState && stored.status() == Status.CONFIRMED);
        heard(question, outcome);
        check(right, question, "A release was answered " + outcome);
    }

    private static boolean isOver(Status status) {
        return status == Status.RELEASED || status == Status.EXPIRED || status == Status.REJECTED;
    }

    private void heard(Question question, Outcome<Reservation> outcome) {
        Promise promise = of(question.key());
        boolean over = promise.last != null && promise.last.status() != Status.HELD;
        if (outcome instanceof Outcome.Done<Reservation> done
                && !(over && done.value().status() == Status.HELD)) {
            promise.last = done.value();
        }
    }

    /** But for an extension that came in between, and sold units that came back later. */
    private static boolean isSame(Reservation told, @Nullable Reservation stored) {
        if (stored == null || told.returned() > stored.returned()) {
            return false;
        }
        Reservation.Hold hold = stored.hold();
        Reservation later = told.withReturnOf(stored.returned() - told.returned());
        return (hold == null || told.hold() == null ? later : later.with(hold)).equals(stored);
    }

    /** A confirmation was answered. */
    void confirmed(Question question, @Nullable String payment, Outcome<Reservation> outcome) {
        Reservation stored = stored(question.key());
        boolean right = outcome.fold(
                it -> isSame(it, stored)
                        && it.status() == Status.CONFIRMED
                        && (payment == null || payment.equals(it.paymentReference())),
                refusal -> refusal instanceof Refusal.PaidOtherwise
                        ? stored != null
                                && stored.status() == Status.CONFIRMED
                                && payment != null
                                && !payment.equals(stored.paymentReference())
                        : isNotHeld(refusal, stored));
        heard(question, outcome);
        check(right, question, "A confirmation with " + payment + " was answered " + outcome);
    }

    private static boolean isNotHeld(Refusal refusal, @Nullable Reservation stored) {
        return refusal instanceof Refusal.WrongState wrong
                && wrong.status() != Status.HELD
                && (wrong.status() == Status.QUEUED || stored != null && wrong.status() == stored.status());
    }

    /** An extension was answered. */
    void extended(Question question, Outcome<Reservation> outcome) {
        Reservation stored = stored(question.key());
        boolean right = outcome.fold(
                it -> it.status() == Status.HELD && isExtendedTo(it.expiresAt(), stored),
                refusal -> refusal instanceof Refusal.ExtendedBefore before
                        ? isExtendedTo(before.expiresAt(), stored)
                        : isNotHeld(refusal, stored));
        heard(question, outcome);
        check(right, question, "An extension was answered " + outcome);
    }

    private static boolean isExtendedTo(@Nullable Instant until, @Nullable Reservation stored) {
        Reservation.Hold hold = stored == null ? null : stored.hold();
        return hold != null && hold.extended() && hold.expiresAt().equals(until);
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
                trace.violation("Broken promise for " + key + ": " + promise + ", and the table has " + stored);
            }
        });
    }

    private static boolean isKept(Promise promise, @Nullable Reservation stored) {
        Reservation last = promise.last;
        if (stored == null) {
            return !promise.accepted && !promise.held && last == null;
        }
        if (last != null
                && !(last.status() == Status.HELD ? isExtendedTo(last.expiresAt(), stored) : isSame(last, stored))) {
            return false;
        }
        Instant end = stored.expiresAt();
        if (promise.until != null && (end == null || end.isBefore(promise.until))) {
            return false;
        }
        return switch (stored.status()) {
            case HELD, CONFIRMED, EXPIRED -> stored.hold() != null;
            case RELEASED -> promise.releaseAsked;
            case REJECTED -> !promise.held;
            case QUEUED -> false;
        };
    }
}
