package dev.flashstock.redis;

import dev.flashstock.heat.Key;
import dev.flashstock.heat.Load;
import dev.flashstock.heat.Snapshot;
import dev.flashstock.heat.Throttle;
import dev.flashstock.heat.Throttle.Access;
import dev.flashstock.heat.Throttle.Limit;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Heat as processes tell it each other: a line for everything together, a line for each key, and after each of them a line for
 * each reason to refuse it.
 *
 * <pre>
 * 1234000 100500 200000 0
 * R KEY_RANGE WRITE flashstock - 35200
 * K 812000 0 900000 0 - STOCK#console#3
 * R KEY_RANGE WRITE ? - 35200
 * </pre>
 *
 * <p>Figures are thousandths a second. {@code -} is nothing, {@code ?} is not told.
 */
final class HeatText {
    /** The longest key that is told; those of flashstock are shorter. */
    static final int MAX_KEY = 256;

    private static final double THOUSANDTHS = 1_000;
    private static final String KEY = "K ";
    private static final String REFUSED = "R ";
    private static final String NOTHING = "-";
    private static final String UNTOLD = "?";
    private static final int FIGURES = 4;

    private HeatText() {}

    static String write(Snapshot snapshot) {
        StringBuilder text = new StringBuilder();
        write(snapshot.total(), text);
        write(snapshot.total().throttles(), text.append('\n'));
        snapshot.keys().forEach((key, load) -> {
            if (isFit(key.value())) {
                write(load, text.append(KEY));
                text.append(' ').append(orNothing(key.index())).append(' ').append(key.value());
                write(load.throttles(), text.append('\n'));
            }
        });
        return text.toString();
    }

    private static boolean isFit(String key) {
        return key.length() <= MAX_KEY && key.chars().noneMatch(Character::isISOControl);
    }

    private static void write(Load load, StringBuilder text) {
        text.append(thousandths(load.requests())).append(' ');
        text.append(thousandths(load.readUnits())).append(' ');
        text.append(thousandths(load.writeUnits())).append(' ');
        text.append(thousandths(load.unprocessed()));
    }

    private static void write(Map<Throttle, Double> throttles, StringBuilder text) {
        throttles.forEach((throttle, times) -> text.append(REFUSED)
                .append(throttle.limit())
                .append(' ')
                .append(throttle.access() == null ? NOTHING : throttle.access())
                .append(' ')
                .append(orUntold(throttle.table()))
                .append(' ')
                .append(throttle.index() == null ? NOTHING : orUntold(throttle.index()))
                .append(' ')
                .append(thousandths(times))
                .append('\n'));
    }

    /** Rounded up: what is hardly there is there. */
    private static long thousandths(double figure) {
        return (long) Math.ceil(figure * THOUSANDTHS);
    }

    private static String orNothing(@Nullable String name) {
        return name == null ? NOTHING : name;
    }

    private static String orUntold(String name) {
        return name.isEmpty() ? UNTOLD : name;
    }

    /**
     * Reads what another process has told.
     *
     * @throws IllegalArgumentException if it is not what this one would tell
     */
    static Snapshot read(String text) {
        Map<Key, Load> keys = new HashMap<>();
        Load total = null;
        Key key = null;
        for (String line : text.lines().toList()) {
            if (total == null) {
                total = load(fields(line, FIGURES));
            } else if (line.startsWith(KEY)) {
                String[] fields = fields(line.substring(KEY.length()), FIGURES + 2);
                key = new Key(fields[FIGURES + 1], orNull(fields[FIGURES]));
                keys.put(key, load(fields));
            } else if (!line.startsWith(REFUSED)) {
                throw new IllegalArgumentException("Not a line of heat: " + line);
            } else if (key == null) {
                total = total.plus(refused(line));
            } else {
                keys.merge(key, refused(line), Load::plus);
            }
        }
        if (total == null) {
            throw new IllegalArgumentException("No heat");
        }
        return new Snapshot(total, keys);
    }

    private static Load load(String[] fields) {
        return new Load(figure(fields[0]), figure(fields[1]), figure(fields[2]), figure(fields[3]), Map.of());
    }

    private static Load refused(String line) {
        String[] fields = fields(line.substring(REFUSED.length()), 5);
        Throttle throttle = new Throttle(
                Limit.valueOf(fields[0]),
                fields[1].equals(NOTHING) ? null : Access.valueOf(fields[1]),
                orEmpty(fields[2]),
                fields[3].equals(NOTHING) ? null : orEmpty(fields[3]));
        return new Load(0, 0, 0, 0, Map.of(throttle, figure(fields[4])));
    }

    /** The last one may contain spaces. */
    private static String[] fields(String line, int number) {
        String[] fields = line.split(" ", number);
        if (fields.length != number) {
            throw new IllegalArgumentException("Not a line of heat: " + line);
        }
        return fields;
    }

    private static double figure(String text) {
        long thousandths = Long.parseLong(text);
        if (thousandths < 0) {
            throw new IllegalArgumentException("Not a figure of heat: " + text);
        }
        return thousandths / THOUSANDTHS;
    }

    private static @Nullable String orNull(String name) {
        return name.equals(NOTHING) ? null : name;
    }

    private static String orEmpty(String name) {
        return name.equals(UNTOLD) ? "" : name;
    }
}
