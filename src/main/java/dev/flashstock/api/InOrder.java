package dev.flashstock.api;

import io.smallrye.mutiny.Multi;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Begins what comes before what came earlier is finished, and tells the results in the order in which it came. At most a
 * given number is begun and not told; no more is asked for than can begin. What is begun when nobody listens any more is
 * not stopped, and nothing else begins.
 *
 * <p>Everything here happens on one thread, one thing after the other: so there is no lock.
 *
 * @param <T> what comes
 * @param <R> its results
 */
final class InOrder<T, R> implements Flow.Publisher<R>, Flow.Subscriber<T>, Flow.Subscription {
    private final Multi<T> source;
    private final int atMost;
    private final Function<T, CompletableFuture<R>> begin;
    private final Executor loop;

    private final Deque<CompletableFuture<R>> underWay;
    private Flow.@Nullable Subscription coming;
    private Flow.@Nullable Subscriber<? super R> listener;
    private long demand;
    private boolean ended;
    private @Nullable Throwable failure;
    private volatile boolean cancelled;

    private InOrder(Multi<T> source, int atMost, Function<T, CompletableFuture<R>> begin, Executor loop) {
        this.source = source;
        this.atMost = atMost;
        this.begin = begin;
        this.loop = loop;
        this.underWay = new ArrayDeque<>(atMost);
    }

    /**
     * Begins what comes, several at once.
     *
     * @param atMost how many are begun and not told at once
     * @param begin begins one; neither it nor its result fails
     * @param loop runs what it is given in order, never within the call
     * @return the results; a failure of what comes follows those that were begun before it
     */
    static <T, R> Function<Multi<T>, Multi<R>> of(int atMost, Function<T, CompletableFuture<R>> begin, Executor loop) {
        return source -> Multi.createFrom().publisher(new InOrder<>(source, atMost, begin, loop));
    }

    @Override
    public void subscribe(Flow.Subscriber<? super R> subscriber) {
        listener = subscriber;
        subscriber.onSubscribe(this);
        source.subscribe(this);
    }

    // What comes

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        coming = subscription;
        if (cancelled) {
            subscription.cancel();
        } else {
            subscription.request(atMost);
        }
    }

    @Override
    public void onNext(T item) {
        loop.execute(() -> {
            if (!cancelled) {
                CompletableFuture<R> result = begin.apply(item);
                underWay.add(result);
                var unused = result.thenRunAsync(this::tell, loop);
            }
        });
    }

    @Override
    public void onError(Throwable e) {
        loop.execute(() -> {
            failure = e;
            ended = true;
            tell();
        });
    }

    @Override
    public void onComplete() {
        loop.execute(() -> {
            ended = true;
            tell();
        });
    }

    // Who listens

    @Override
    public void request(long count) {
        loop.execute(() -> {
            demand = count > Long.MAX_VALUE - demand ? Long.MAX_VALUE : demand + count;
            tell();
        });
    }

    @Override
    public void cancel() {
        cancelled = true;
        loop.execute(() -> {
            if (coming != null) {
                coming.cancel();
            }
        });
    }

    private void tell() {
        Flow.Subscriber<? super R> to = Objects.requireNonNull(listener);
        while (!cancelled
                && demand > 0
                && !underWay.isEmpty()
                && underWay.getFirst().isDone()) {
            demand--;
            to.onNext(underWay.removeFirst().getNow(null));
            Objects.requireNonNull(coming).request(1);
        }
        if (!cancelled && ended && underWay.isEmpty()) {
            cancelled = true;
            if (failure == null) {
                to.onComplete();
            } else {
                to.onError(failure);
            }
        }
    }
}
