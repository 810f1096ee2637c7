package dev.flashstock.dashboard;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** How fast a product's units go. */
final class BurnDown {
    /** On the average of so long. */
    static final Duration WINDOW = Duration.ofSeconds(10);

    private final Deque<Seen> seen = new ArrayDeque<>();

    /** How many were left at a time, and how many had gone since the beginning. */
    private record Seen(Instant at, long available, long gone) {}

    /** So many are left now. Fewer than before have gone; more have come, which says nothing of how fast they go. */
    void add(Instant at, long available) {
        Seen last = seen.peekLast();
        seen.addLast(
                last == null
                        ? new Seen(at, available, 0)
                        : new Seen(at, available, last.gone() + Math.max(0, last.available() - available)));
        while (seen.getFirst().at().isBefore(at.minus(WINDOW))) {
            seen.removeFirst();
        }
    }

    /** Units a second; 0 as long as only one number is known. */
    double perSecond() {
        if (seen.size() < 2) {
            return 0;
        }
        Seen first = seen.getFirst();
        Seen last = seen.getLast();
        long millis = Duration.between(first.at(), last.at()).toMillis();
        return millis <= 0 ? 0 : 1_000.0 * (last.gone() - first.gone()) / millis;
    }

    /** In how many seconds none will be left; null: units do not go, or all have gone. */
    @Nullable
    Double secondsLeft() {
        double perSecond = perSecond();
        Seen last = seen.peekLast();
        return perSecond == 0 || last == null || last.available() == 0 ? null : last.available() / perSecond;
    }
}
