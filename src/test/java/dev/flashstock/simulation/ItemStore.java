package dev.flashstock.simulation;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Items and what DynamoDB does with them: conditional writes, and transactions that occupy their items from their begin
 * to their end, are cancelled with a reason for each item, and happen once under a token.
 */
final class ItemStore {
    /** For how long a token is known after its transaction has happened. */
    static final Duration TOKENS_ARE_KNOWN = Duration.ofMinutes(10);

    /** The most items of a transaction. */
    static final int MAX_WRITES = 100;

    private final InstantSource clock;
    private final Map<Key, Object> items = new HashMap<>();
    private final Map<Object, Map<Key, Object>> partitions = new HashMap<>();
    private final Set<Key> occupied = new HashSet<>();
    private final Map<String, Token> tokens = new HashMap<>();
    private final Consumer<List<Change>> changed;

    /**
     * Begins empty.
     *
     * @param clock the time, by which tokens are forgotten
     * @param changed is told what a write or a transaction has changed
     */
    ItemStore(InstantSource clock, Consumer<List<Change>> changed) {
        this.clock = clock;
        this.changed = changed;
    }

    /** The item of a shard. */
    record Units(long available, long version, long moved, boolean closed) {
        static final Units NONE = new Units(0, 0, 0, false);

        Units changed(long units, long ofThemMoved) {
            return new Units(available + units, version + 1, moved + ofThemMoved, closed);
        }
    }

    /** An item before and after. */
    record Change(
            Key key, @Nullable Object before, @Nullable Object after) {}

    /** One item's write in a transaction, or alone. */
    record Write(Key key, Condition condition, Update update) {
        static Write putIfAbsent(Key key, Object item) {
            return new Write(key, old -> old == null, old -> item);
        }
    }

    /** Whether an item may be written. */
    @FunctionalInterface
    interface Condition {
        boolean holds(@Nullable Object old);
    }

    /** What an item becomes; null: it is removed. */
    @FunctionalInterface
    interface Update {
        @Nullable
        Object of(@Nullable Object old);
    }

    /** What keeps an item from being written. */
    enum Code {
        NONE,
        CONDITION_FAILED,
        CONFLICT,
        THROTTLED
    }

    /** The same, with the item that is there. */
    record Reason(Code code, @Nullable Object old) {}

    /**
     * A request for a transaction.
     *
     * @param token its client request token
     * @param content everything that it says: under the same token it must be the same
     * @param writes its items
     */
    record Transaction(@Nullable String token, Object content, List<Write> writes) {}

    /** What comes of a transaction. */
    sealed interface Result {
        record Committed() implements Result {}

        record Cancelled(List<Reason> reasons) implements Result {}

        /** The same token is under way. */
        record InProgress() implements Result {}

        /** The request itself is wrong. */
        record Invalid(String error) implements Result {}
    }

    /** A transaction that has begun; its end is still to come, unless it was answered at once. */
    final class Begun {
        private final Result result;
        private final @Nullable Runnable end;

        private Begun(Result result, @Nullable Runnable end) {
            this.result = result;
            this.end = end;
        }

        boolean takesTime() {
            return end != null;
        }

        Result end() {
            if (end != null) {
                end.run();
            }
            return result;
        }
    }

    private record Token(Object content, boolean inProgress, long happenedAt) {}

    @Nullable
    Object read(Key key) {
        return items.get(key);
    }

    Stream<Map.Entry<Key, Object>> all() {
        return items.entrySet().stream();
    }

    /** The items of one partition. */
    Collection<Object> query(Object partition) {
        return partitions.getOrDefault(partition, Map.of()).values();
    }

    boolean isOccupied(Key key) {
        return occupied.contains(key);
    }

    /** Writes one item. */
    Reason write(Write write, Predicate<Key> throttled) {
        Reason reason = reason(write, throttled);
        if (reason.code() == Code.NONE) {
            apply(List.of(write));
        }
        return reason;
    }

    Begun begin(Transaction transaction, Predicate<Key> throttled) {
        Result atOnce = answerAtOnce(transaction);
        if (atOnce != null) {
            return new Begun(atOnce, null);
        }
        List<Reason> reasons = new ArrayList<>(transaction.writes().size());
        List<Key> mine = new ArrayList<>(transaction.writes().size());
        boolean cancelled = false;
        for (Write write : transaction.writes()) {
            Reason reason = reason(write, throttled);
            reasons.add(reason);
            cancelled |= reason.code() != Code.NONE;
            if (reason.code() != Code.CONFLICT) {
                mine.add(write.key());
            }
        }
        occupied.addAll(mine);
        remember(transaction, true);
        boolean happens = !cancelled;
        Result result = happens ? new Result.Committed() : new Result.Cancelled(reasons);
        return new Begun(result, () -> end(transaction, mine, happens));
    }

    private @Nullable Result answerAtOnce(Transaction transaction) {
        Set<Key> different = new HashSet<>();
        transaction.writes().forEach(it -> different.add(it.key()));
        int writes = transaction.writes().size();
        if (different.size() != writes) {
            return new Result.Invalid("ValidationException: multiple operations on one item");
        }
        if (writes < 1 || writes > MAX_WRITES) {
            return new Result.Invalid("ValidationException: 1 to " + MAX_WRITES + " items, not " + writes);
        }
        Token known = transaction.token() == null ? null : tokens.get(transaction.token());
        if (known == null) {
            return null;
        }
        boolean forgotten = !known.inProgress() && clock.millis() - known.happenedAt() > TOKENS_ARE_KNOWN.toMillis();
        if (forgotten) {
            return null;
        }
        if (!known.content().equals(transaction.content())) {
            return new Result.Invalid("IdempotentParameterMismatchException: " + transaction.token());
        }
        return known.inProgress() ? new Result.InProgress() : new Result.Committed();
    }

    private void end(Transaction transaction, List<Key> mine, boolean happens) {
        mine.forEach(occupied::remove);
        if (happens) {
            apply(transaction.writes());
            remember(transaction, false);
        } else if (transaction.token() != null) {
            tokens.remove(transaction.token());
        }
    }

    private void remember(Transaction transaction, boolean inProgress) {
        if (transaction.token() != null) {
            tokens.put(transaction.token(), new Token(transaction.content(), inProgress, clock.millis()));
        }
    }

    private Reason reason(Write write, Predicate<Key> throttled) {
        Object old = items.get(write.key());
        if (occupied.contains(write.key())) {
            return new Reason(Code.CONFLICT, null);
        }
        if (throttled.test(write.key())) {
            return new Reason(Code.THROTTLED, null);
        }
        return new Reason(write.condition().holds(old) ? Code.NONE : Code.CONDITION_FAILED, old);
    }

    private void apply(List<Write> writes) {
        List<Change> changes = new ArrayList<>(writes.size());
        for (Write write : writes) {
            Object before = items.get(write.key());
            Object after = write.update().of(before);
            put(write.key(), after);
            changes.add(new Change(write.key(), before, after));
        }
        changed.accept(changes);
    }

    private void put(Key key, @Nullable Object item) {
        put(items, key, item);
        Object partition = key.partition();
        if (partition != null) {
            Map<Key, Object> all = partitions.computeIfAbsent(partition, it -> new LinkedHashMap<>());
            put(all, key, item);
            if (all.isEmpty()) {
                partitions.remove(partition);
            }
        }
    }

    private static void put(Map<Key, Object> items, Key key, @Nullable Object item) {
        if (item == null) {
            items.remove(key);
        } else {
            items.put(key, item);
        }
    }
}
