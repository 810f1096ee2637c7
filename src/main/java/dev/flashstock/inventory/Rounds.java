package dev.flashstock.inventory;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Readings that are shared and never older than the question: for each key one is under way, and who asks meanwhile
 * shares the next. It remembers those who wait and nothing else.
 *
 * @param <K> what is read
 * @param <T> what is seen
 */
final class Rounds<K, T> {
    private final Function<K, Uni<T>> read;
    /** Who shares the next reading, for each key of which one is under way. */
    private final ConcurrentMap<K, Set<UniEmitter<? super T>>> next = new ConcurrentHashMap<>();

    /**
     * Shares readings.
     *
     * @param read one reading
     */
    Rounds(Function<K, Uni<T>> read) {
        this.read = read;
    }

    /**
     * Reads, beginning now or as soon as the reading under way has ended.
     *
     * @param key what is read
     * @return what is seen, or the reading's failure
     */
    Uni<T> next(K key) {
        return Uni.createFrom().emitter(emitter -> {
            boolean[] underWay = {true};
            next.compute(key, (same, present) -> {
                underWay[0] = present != null;
                Set<UniEmitter<? super T>> asking = present == null ? new LinkedHashSet<>() : present;
                asking.add(emitter);
                return asking;
            });
            emitter.onTermination(() -> next.computeIfPresent(key, (same, asking) -> {
                asking.remove(emitter);
                return asking;
            }));
            if (!underWay[0]) {
                begin(key);
            }
        });
    }

    private void begin(K key) {
        Set<UniEmitter<? super T>> asking = new LinkedHashSet<>();
        next.computeIfPresent(key, (same, present) -> {
            asking.addAll(present);
            return new LinkedHashSet<>();
        });
        Uni.createFrom()
                .deferred(() -> read.apply(key))
                .subscribe()
                .with(seen -> end(key, asking, it -> it.complete(seen)), e -> end(key, asking, it -> it.fail(e)));
    }

    private void end(K key, Set<UniEmitter<? super T>> asking, Consumer<UniEmitter<? super T>> answer) {
        boolean somebodyAsks =
                next.computeIfPresent(key, (same, present) -> present.isEmpty() ? null : present) != null;
        if (somebodyAsks) {
            begin(key);
        }
        asking.forEach(it -> Told.guarded(() -> answer.accept(it)));
    }
}
