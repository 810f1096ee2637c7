package dev.flashstock.heat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What was refused to this process lately, by limit, minute by minute. Safe for several threads.
 */
public final class RecentThrottles {
    /** For how many minutes it remembers, the present one among them. */
    public static final int MINUTES = 15;

    /** The most different limits that are told apart in a minute; more tables and indexes a process does not have. */
    static final int MOST_LIMITS = 256;

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final TableName own;
    private final InstantSource clock;
    private final Instant begun;
    private final Deque<Minute> minutes = new ArrayDeque<>();

    /** What was refused in a minute. */
    private record Minute(long number, Map<Throttle, Long> throttles) {}

    /**
     * Remembers nothing yet.
     *
     * @param own the table that the process works with
     * @param clock the time
     */
    public RecentThrottles(TableName own, InstantSource clock) {
        this.own = own;
        this.clock = clock;
        this.begun = clock.instant();
    }

    /**
     * Counts a refusal.
     *
     * @param throttle what was refused, and why; of a table that has a name
     */
    public void add(Throttle throttle) {
        long now = number(clock.instant());
        synchronized (minutes) {
            Minute last = minutes.peekLast();
            if (last == null || last.number() < now) {
                last = new Minute(now, new HashMap<>());
                minutes.addLast(last);
                forgetBefore(now);
            }
            if (last.throttles().size() < MOST_LIMITS || last.throttles().containsKey(throttle)) {
                last.throttles().merge(throttle, 1L, Long::sum);
            }
        }
    }

    /**
     * What was refused of a table.
     *
     * @param table its name
     * @return the last {@value #MINUTES} minutes, or since the process began
     */
    public TableFigures figures(TableName table) {
        Instant now = clock.instant();
        Instant first = Instant.ofEpochSecond((number(now) - MINUTES + 1) * MINUTE.toSeconds());
        Map<Throttle, Long> sum = new HashMap<>();
        synchronized (minutes) {
            forgetBefore(number(now));
            for (Minute minute : minutes) {
                minute.throttles().forEach((throttle, number) -> {
                    if (throttle.table().equals(table.value())) {
                        sum.merge(throttle, number, Long::sum);
                    }
                });
            }
        }
        return new TableFigures(
                TableFigures.Source.SERVICE,
                begun.isAfter(first) ? begun : first,
                now,
                table.equals(own) || !sum.isEmpty(),
                sum,
                List.of(),
                List.of());
    }

    private void forgetBefore(long now) {
        while (!minutes.isEmpty() && minutes.getFirst().number() <= now - MINUTES) {
            minutes.removeFirst();
        }
    }

    private static long number(Instant moment) {
        return moment.getEpochSecond() / MINUTE.toSeconds();
    }
}
