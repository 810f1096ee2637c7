package dev.flashstock.inventory;

import dev.flashstock.inventory.GroupCommits.Answer;
import dev.flashstock.sharding.Layout;
import dev.flashstock.stock.Quantity;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ReservationId;
import dev.flashstock.stock.ReservationRequest;
import dev.flashstock.stock.TraceParent;
import dev.flashstock.stock.UserId;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What waits for a shard's turn. */
sealed interface Entry {
    /**
     * Ends the wait: it has its answer, or its caller has gone.
     *
     * @return whether it was not ended yet
     */
    boolean end();

    /**
     * Whether the wait has ended.
     *
     * @return true: nobody needs an answer any more
     */
    boolean ended();

    /** A reservation that goes into a transaction with others. */
    abstract sealed class Member implements Entry {
        private final UniEmitter<? super Answer> emitter;
        private final AtomicBoolean ended = new AtomicBoolean();
        private int tries;
        private boolean alone;
        private boolean foundGood;

        Member(UniEmitter<? super Answer> emitter) {
            this.emitter = emitter;
        }

        abstract UserId user();

        abstract ReservationId id();

        abstract int units();

        /** Whether it counts against its user's limit. */
        abstract boolean isLimited();

        /** Counts a transaction that others kept from happening. */
        int triedInVain() {
            return ++tries;
        }

        /** Something broke a transaction that it was in: from now on it goes in one of its own. */
        void goesAlone() {
            alone = true;
        }

        boolean isAlone() {
            return alone;
        }

        /** A transaction that it was in was cancelled, and there was nothing against this one. */
        void isFoundGood() {
            foundGood = true;
        }

        boolean isKnownGood() {
            return foundGood;
        }

        void answer(Answer answer) {
            emitter.complete(answer);
        }

        void fail(Throwable failure) {
            emitter.fail(failure);
        }

        @Override
        public boolean end() {
            return ended.compareAndSet(false, true);
        }

        @Override
        public boolean ended() {
            return ended.get();
        }
    }

    /** A request that wants units. */
    final class Taking extends Member {
        private final ReservationRequest request;
        private final Duration holdTime;
        private final @Nullable Integer limit;
        private final Layout layout;

        Taking(ReservationRequest request, Listing listing, UniEmitter<? super Answer> emitter) {
            super(emitter);
            this.request = request;
            this.holdTime = listing.product().holdTime();
            this.limit = listing.product().perUserLimit();
            this.layout = listing.layout();
        }

        @Override
        UserId user() {
            return request.user();
        }

        @Override
        ReservationId id() {
            return request.id();
        }

        @Override
        int units() {
            return request.quantity().units();
        }

        @Override
        boolean isLimited() {
            return limit != null;
        }

        Layout layout() {
            return layout;
        }

        /** Those of one transaction expire together. */
        Duration holdTime() {
            return holdTime;
        }

        @Nullable
        TraceParent trace() {
            return request.trace();
        }

        Reservation held(int shard, Instant now) {
            return Reservation.held(request, new Reservation.Hold(shard, now.plus(holdTime), false, limit));
        }
    }

    /** A hold that gives its units back. */
    final class Giving extends Member {
        private final GroupCommit.Return end;

        Giving(GroupCommit.Return end, UniEmitter<? super Answer> emitter) {
            super(emitter);
            this.end = end;
        }

        @Override
        UserId user() {
            return end.reservation().user();
        }

        @Override
        ReservationId id() {
            return end.reservation().id();
        }

        @Override
        int units() {
            Quantity quantity = end.reservation().quantity();
            return quantity == null ? 0 : quantity.units();
        }

        @Override
        boolean isLimited() {
            Reservation.Hold hold = end.reservation().hold();
            return hold != null && hold.limit() != null;
        }

        GroupCommit.Return endOfHold() {
            return end;
        }

        Reservation given() {
            return end.reservation().as(end.becomes());
        }
    }

    /** A transaction of another kind, for which the shard is kept free. */
    final class Visit<T> implements Entry {
        private final Supplier<Uni<T>> transaction;
        private final boolean ahead;
        private final UniEmitter<? super T> emitter;
        private final AtomicBoolean ended = new AtomicBoolean();

        Visit(Supplier<Uni<T>> transaction, boolean ahead, UniEmitter<? super T> emitter) {
            this.transaction = transaction;
            this.ahead = ahead;
            this.emitter = emitter;
        }

        /** Whether it is the next: it keeps other shards free already. */
        boolean goesAhead() {
            return ahead;
        }

        /** Fails never: the failure is its caller's. What is answered is told once the shard is free. */
        Uni<Runnable> run() {
            return Uni.createFrom()
                    .deferred(transaction::get)
                    .<Runnable>map(result -> () -> emitter.complete(result))
                    .onFailure()
                    .recoverWithItem(failure -> () -> emitter.fail(failure));
        }

        @Override
        public boolean end() {
            return ended.compareAndSet(false, true);
        }

        @Override
        public boolean ended() {
            return ended.get();
        }
    }
}
