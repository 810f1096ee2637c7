package dev.flashstock.inventory;

import dev.flashstock.stock.Portion;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ReservationRequest;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The group commit: this process has one transaction under way for each (SKU, shard), and what arrives meanwhile forms
 * the next. Idle commits at once, busy coalesces; there is no timer. The idea is the databases' group commit (DeWitt et
 * al., "Implementation techniques for main memory database systems", 1984).
 */
public final class GroupCommits {
    /** The most reservations that wait in this process. */
    public static final int MAX_WAITING = 10_000;

    private final Lane.Setting setting;
    private final ConcurrentMap<Shard, Lane> lanes = new ConcurrentHashMap<>();
    private final AtomicInteger waiting = new AtomicInteger();

    /**
     * Commits to a table.
     *
     * @param table the shards
     * @param tokens names transactions, never two alike; each at most 36 characters
     * @param clock from when units are held
     * @param neighbours how many processes share a shard
     * @param pauses waits
     * @param random a number from 0 to one less than its argument
     */
    public GroupCommits(
            StockTable table,
            Supplier<String> tokens,
            InstantSource clock,
            Neighbours neighbours,
            Pauses pauses,
            IntUnaryOperator random) {
        this.setting = new Lane.Setting(
                table, tokens, clock, neighbours, pauses, random, waiting::decrementAndGet, this::closeIfIdle);
    }

    /** One shard of a SKU. */
    record Shard(Sku sku, int number) {}

    /** What came of asking one shard for units. */
    public sealed interface Answer {
        /**
         * The reservation is there: written now or before.
         *
         * @param reservation what it has become
         */
        record There(Reservation reservation) implements Answer {}

        /**
         * Nothing was written: the shard has too few units.
         *
         * @param available how many it had
         */
        record TooFew(long available) implements Answer {}

        /**
         * Nothing was written: the user would have more than the limit.
         *
         * @param used the units that count against it already
         */
        record OverLimit(long used) implements Answer {}

        /** Nothing was written: others were in the way, or a partition was at its limit, several times in a row. */
        record Contended() implements Answer {}

        /** Nothing was written: the shard is given no units any more. */
        record Closed() implements Answer {}

        /** Nothing was written: what should give its units back does not hold any. */
        record NotHeld() implements Answer {}
    }

    /**
     * Takes a request's units from one shard, in a transaction with others who want units of it.
     *
     * @param request what is asked for
     * @param listing the SKU's listing
     * @param shard the shard's number
     * @return what came of it, never {@code NotHeld}; fails with {@link Unavailable} when too many wait, or when it is
     *     not known whether it has happened. Who gives up before it is under way is left out.
     */
    public Uni<Answer> hold(ReservationRequest request, Listing listing, int shard) {
        return enter(new Shard(request.sku(), shard), emitter -> new Entry.Taking(request, listing, emitter));
    }

    /**
     * Gives a hold's units back to the shard that they came from, and changes its status, in a transaction with others. When
     * that shard is closed they go to the one with half its number: the first is never closed.
     *
     * @param end the hold, and what it becomes
     * @return {@code CHANGED} when it is not held any more, or for an expiry, ends at another moment; {@code BUSY} when
     *     others were in the way; fails with {@link Unavailable}
     */
    public Uni<Attempt> giveBack(GroupCommit.Return end) {
        Reservation.Hold hold = end.reservation().hold();
        if (hold == null || end.reservation().quantity() == null) {
            throw new IllegalArgumentException(
                    "Only a hold has units to give back: " + end.reservation().id());
        }
        return giveBack(end, hold.shard()).map(GroupCommits::attempt);
    }

    private Uni<Answer> giveBack(GroupCommit.Return end, int shard) {
        Uni<Answer> answer =
                enter(new Shard(end.reservation().sku(), shard), emitter -> new Entry.Giving(end, emitter));
        return answer.chain(it -> it instanceof Answer.Closed && shard > 0
                ? giveBack(end, shard / 2)
                : Uni.createFrom().item(it));
    }

    /**
     * Moves units to one shard while this process has no transaction under way on any of the shards.
     *
     * @param sku whose
     * @param from what the other shards give up
     * @param to the shard that is given it all
     * @return {@code CHANGED} when one of them has too few units, or is given none any more; fails with {@link Unavailable}
     */
    Uni<Attempt> move(Sku sku, List<Portion> from, int to) {
        List<Integer> shards = Stream.concat(Stream.of(to), from.stream().map(Portion::shard))
                .sorted()
                .toList();
        return alone(
                sku,
                shards,
                () -> setting.table()
                        .move(new Move(setting.tokens().get(), setting.clock().instant(), sku, from, to)));
    }

    private static Attempt attempt(Answer answer) {
        return answer instanceof Answer.There
                ? Attempt.DONE
                : answer instanceof Answer.NotHeld ? Attempt.CHANGED : Attempt.BUSY;
    }

    /**
     * Runs a transaction of another kind while this process has none under way on its shards.
     *
     * @param sku the SKU
     * @param shards the shards' numbers, ascending: two that want the same never wait for each other for ever
     * @param transaction the transaction; it ends whether or not its caller stays
     * @param <T> its result
     * @return its result; fails as it does, and with {@link Unavailable} when too many wait
     */
    <T> Uni<T> alone(Sku sku, List<Integer> shards, Supplier<Uni<T>> transaction) {
        return alone(sku, shards, false, transaction);
    }

    /** Once it keeps one shard free, it is the next on the others: no shard stands still for another's whole line. */
    private <T> Uni<T> alone(Sku sku, List<Integer> shards, boolean ahead, Supplier<Uni<T>> transaction) {
        if (shards.isEmpty()) {
            return Uni.createFrom().deferred(transaction::get);
        }
        List<Integer> rest = shards.subList(1, shards.size());
        return enter(
                new Shard(sku, shards.get(0)),
                emitter -> new Entry.Visit<>(() -> alone(sku, rest, true, transaction), ahead, emitter));
    }

    private <T> Uni<T> enter(Shard shard, Function<UniEmitter<? super T>, Entry> entry) {
        return Uni.createFrom().emitter(emitter -> {
            if (waiting.incrementAndGet() > MAX_WAITING) {
                waiting.decrementAndGet();
                emitter.fail(new Unavailable(MAX_WAITING + " reservations wait in this process already"));
                return;
            }
            enter(shard, entry.apply(emitter), emitter);
        });
    }

    private void enter(Shard shard, Entry entry, UniEmitter<?> emitter) {
        Lane lane = lanes.compute(shard, (key, present) -> {
            Lane it = present == null ? new Lane(setting, shard) : present;
            it.add(entry);
            return it;
        });
        emitter.onTermination(() -> lane.leave(entry));
        lane.drain();
    }

    private void closeIfIdle(Shard shard) {
        lanes.computeIfPresent(shard, (key, lane) -> lane.isIdle() ? null : lane);
    }

    /**
     * How many reservations wait or are under way.
     *
     * @return 0 to {@value #MAX_WAITING}
     */
    public int waiting() {
        return waiting.get();
    }
}
