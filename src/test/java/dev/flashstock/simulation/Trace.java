package dev.flashstock.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What happened: the last of it in words, and a digest of all of it, by which two runs are compared. */
final class Trace {
    private static final int LINES = 400;

    private final VirtualTime time;
    private final Deque<Line> last = new ArrayDeque<>(LINES);
    private long digest = 17;
    private @Nullable String violation;

    Trace(VirtualTime time) {
        this.time = time;
    }

    private record Line(long micros, String what, Object about, Object detail) {
        @Override
        public String toString() {
            return "%12.3f ms  %-22s %s %s".formatted(micros / 1_000.0, what, about, detail);
        }
    }

    void add(String what, Object about) {
        add(what, about, "");
    }

    /** Adds an event; only the detail is left out of the digest, and made into words only when it is asked for. */
    void add(String what, Object about, Object detail) {
        if (last.size() == LINES) {
            last.removeFirst();
        }
        last.addLast(new Line(time.micros(), what, about, detail));
        mix(time.micros());
        mix(what.hashCode());
        mix(about.hashCode());
    }

    private void mix(long value) {
        digest = Long.rotateLeft(digest, 5) * 0x9E3779B97F4A7C15L + value;
    }

    long digest() {
        return digest;
    }

    /** Something that must never happen; the first one counts. */
    void violation(String what) {
        if (violation == null) {
            violation = what;
            add("VIOLATION", what);
        }
    }

    @Nullable
    String violation() {
        return violation;
    }

    String lastEvents() {
        return last.stream().map(Line::toString).collect(Collectors.joining("\n"));
    }
}
