package dev.flashstock.inventory;

import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.smallrye.mutiny.subscription.UniEmitter;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Lets those who ask for the same at the same time share one answer. What is under way is given up when all of them have
 * gone. It remembers what is under way and nothing else, so it holds at most one entry for each who waits.
 *
 * @param <K> what is asked for
 * @param <T> the answer
 */
final class Sharing<K, T> {
    private final ConcurrentMap<K, Shared> underWay = new ConcurrentHashMap<>();

    /**
     * Shares what is under way, or begins.
     *
     * @param key what is asked for
     * @param answer how it is answered, subscribed to once for all who share it
     * @return the answer, or its failure
     */
    Uni<T> share(K key, Uni<T> answer) {
        return Uni.createFrom().emitter(emitter -> {
            Shared shared = underWay.compute(key, (same, present) -> {
                Shared it = present == null ? new Shared(key) : present;
                it.waiting.add(emitter);
                return it;
            });
            emitter.onTermination(() -> shared.leave(emitter));
            shared.begin(answer);
        });
    }

    /** Who waits is changed only inside the map's {@code compute}, until the entry has left the map. */
    private final class Shared {
        private final K key;
        private final Set<UniEmitter<? super T>> waiting = new LinkedHashSet<>();
        private boolean begun;
        private @Nullable Cancellable call;

        Shared(K key) {
            this.key = key;
        }

        void begin(Uni<T> answer) {
            synchronized (this) {
                if (begun) {
                    return;
                }
                begun = true;
            }
            Cancellable subscribed = answer.subscribe()
                    .with(
                            item -> end().forEach(it -> Told.guarded(() -> it.complete(item))),
                            failure -> end().forEach(it -> Told.guarded(() -> it.fail(failure))));
            boolean abandoned;
            synchronized (this) {
                call = subscribed;
                abandoned = underWay.get(key) != this;
            }
            if (abandoned) {
                subscribed.cancel();
            }
        }

        private Set<UniEmitter<? super T>> end() {
            underWay.remove(key, this);
            return waiting;
        }

        private void leave(UniEmitter<? super T> emitter) {
            boolean[] last = {false};
            underWay.computeIfPresent(key, (same, present) -> {
                if (present != this) {
                    return present;
                }
                waiting.remove(emitter);
                last[0] = waiting.isEmpty();
                return last[0] ? null : this;
            });
            if (last[0]) {
                Cancellable abandoned;
                synchronized (this) {
                    abandoned = call;
                }
                if (abandoned != null) {
                    abandoned.cancel();
                }
            }
        }
    }
}
