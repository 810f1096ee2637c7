package dev.flashstock.it;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Shoppers side by side, each making one visit after the other until they are stopped. */
final class Crew implements AutoCloseable {
    /** The most visits, however long a run takes. */
    static final int MAX_VISITS = 30_000;
    /** What a shopper thinks before its next visit, at most: the load is bounded by this, not by the machine. */
    private static final int LONGEST_THOUGHT_MILLIS = 200;

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /** One visit. */
    interface Visit {
        void make(int number, SplittableRandom random) throws InterruptedException;
    }

    private final Visit visit;
    private final List<Thread> shoppers;
    private final AtomicInteger visits = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private volatile boolean stopped;

    Crew(int size, SplittableRandom seed, Visit visit) {
        this.visit = visit;
        this.shoppers = IntStream.range(0, size)
                .mapToObj(i -> {
                    SplittableRandom random = seed.split();
                    return new Thread(() -> shop(random), "shopper-" + i);
                })
                .toList();
        shoppers.forEach(Thread::start);
    }

    private void shop(SplittableRandom random) {
        try {
            while (!stopped) {
                int number = visits.getAndIncrement();
                if (number >= MAX_VISITS) {
                    throw new IllegalStateException("No end after " + MAX_VISITS + " visits");
                }
                visit.make(number, random);
                TimeUnit.MILLISECONDS.sleep(random.nextInt(LONGEST_THOUGHT_MILLIS));
            }
        } catch (InterruptedException | RuntimeException | Error e) {
            failure.compareAndSet(null, e);
            stopped = true;
        }
    }

    /** Waits until an instance has given so many more answers; fails with what ended a shopper. */
    void awaitAnswers(Instance instance, int more) {
        long enough = instance.answers() + more;
        await("answers of " + instance)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> goesOn() && instance.answers() >= enough);
    }

    private boolean goesOn() {
        Throwable ended = failure.get();
        if (ended != null) {
            throw new IllegalStateException("A shopper has ended", ended);
        }
        return true;
    }

    /** Lets everybody end the visit under way. */
    void stop() throws InterruptedException {
        stopped = true;
        for (Thread shopper : shoppers) {
            shopper.join();
        }
        goesOn();
    }

    @Override
    public void close() {
        stopped = true;
        shoppers.forEach(Thread::interrupt);
    }
}
