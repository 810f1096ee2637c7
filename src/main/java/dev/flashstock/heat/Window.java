package dev.flashstock.heat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.apache.datasketches.frequencies.ErrorType;
import org.apache.datasketches.frequencies.ItemsSketch;

/**
 * What has been frequent in the last seconds, in bounded memory however many different things there are. Each second has a
 * sketch of its own; what is older counts less, and what is older than {@value #SECONDS} seconds not at all.
 *
 * <p>A sketch finds everything that makes up more than 1 of {@value #ONE_OF} of a second, and tells how much, too high or too low
 * by no more than that (Anderson et al., "A High-Performance Algorithm for Identifying Frequent Items in Data Streams", 2017,
 * as in Apache DataSketches).
 *
 * <p>Safe for several threads, which mostly have sketches of their own.
 *
 * @param <T> what is counted
 */
final class Window<T> {
    /** How far it looks back. */
    static final int SECONDS = 10;
    /** How fine a sketch is. */
    static final int ONE_OF = 290;

    /** What a second counts beside the one after it. */
    static final double FADING = 0.3;

    /** The keys of a sketch, which holds three quarters of them: 3.5 / size is its error. */
    private static final int SIZE = 1_024;

    private static final int STRIPES = 4;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final LongSupplier nanoTime;
    private final long begun;
    private final List<Stripe> stripes;

    Window(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.begun = nanoTime.getAsLong();
        this.stripes = Stream.generate(Stripe::new).limit(STRIPES).toList();
    }

    /**
     * What has been frequent.
     *
     * @param total all that was counted, a second
     * @param rates what is frequent, a second; what is not there is less than 1 of {@value #ONE_OF} of the total
     */
    record Rates<T>(double total, Map<T, Double> rates) {}

    /** Some threads' part: a sketch for each second, which grows with what it holds. */
    private final class Stripe {
        private final List<ItemsSketch<T>> sketches =
                Stream.generate(() -> new ItemsSketch<T>(SIZE)).limit(SECONDS).toList();
        private final long[] seconds = new long[SECONDS];

        synchronized void add(long second, T item, long weight) {
            int slot = (int) (second % SECONDS);
            if (seconds[slot] != second) {
                sketches.get(slot).reset();
                seconds[slot] = second;
            }
            sketches.get(slot).update(item, weight);
        }

        synchronized void fade(long now, Sum<T> sum) {
            for (int slot = 0; slot < SECONDS; slot++) {
                long age = now - seconds[slot];
                if (age < SECONDS) {
                    sum.add(sketches.get(slot), Math.pow(FADING, (double) age));
                }
            }
        }
    }

    private static final class Sum<T> {
        private final Map<T, Double> items = new HashMap<>();
        private double total;

        void add(ItemsSketch<T> sketch, double share) {
            total += share * sketch.getStreamLength();
            // The many that are rarer than it promises to tell are passed over.
            long rare = Math.max(sketch.getMaximumError(), sketch.getStreamLength() / ONE_OF);
            for (ItemsSketch.Row<T> row : sketch.getFrequentItems(rare, ErrorType.NO_FALSE_NEGATIVES)) {
                items.merge(row.getItem(), share * row.getEstimate(), Double::sum);
            }
        }
    }

    /**
     * Counts something now.
     *
     * @param item what
     * @param weight how much, at least 1
     */
    void add(T item, long weight) {
        int stripe = (int) (Thread.currentThread().getId() % STRIPES);
        stripes.get(stripe).add(second(), item, weight);
    }

    /** What has been frequent lately. */
    Rates<T> rates() {
        long nanos = nanoTime.getAsLong() - begun;
        Sum<T> sum = new Sum<>();
        for (Stripe stripe : stripes) {
            stripe.fade(nanos / SECOND, sum);
        }
        double seconds = fadedSeconds(nanos);
        sum.items.replaceAll((item, weight) -> weight / seconds);
        return new Rates<>(sum.total / seconds, sum.items);
    }

    private long second() {
        return (nanoTime.getAsLong() - begun) / SECOND;
    }

    /** How long the window is, what is older counting less; the present second only as far as it has gone. */
    private static double fadedSeconds(long nanos) {
        double seconds = (double) (nanos % SECOND) / SECOND;
        for (int age = 1; age < SECONDS && age <= nanos / SECOND; age++) {
            seconds += Math.pow(FADING, age);
        }
        return Math.max(seconds, FADING);
    }
}
