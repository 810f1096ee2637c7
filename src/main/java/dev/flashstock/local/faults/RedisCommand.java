package dev.flashstock.local.faults;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A command as a client sends it.
 *
 * @param name its first word, in upper case; empty: there is none, and Redis answers nothing to it
 * @param bytes all of it
 */
record RedisCommand(String name, Buffer bytes) {
    private static final Set<String> STREAMS = Set.of("SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE", "MONITOR");

    /** Reads a whole frame. */
    static RedisCommand of(Buffer frame) {
        List<String> words = words(frame, 1);
        return new RedisCommand(words.isEmpty() ? "" : words.get(0).toUpperCase(Locale.ROOT), frame);
    }

    /** All its words, with spaces between them. */
    String text() {
        return String.join(" ", words(bytes, Integer.MAX_VALUE));
    }

    /** Whether Redis begins to send what nobody asked for one by one. */
    boolean streams() {
        return STREAMS.contains(name);
    }

    /** Whether it changes how many answers there are to others, and may have none itself: {@code CLIENT REPLY}. */
    boolean silences() {
        return name.equals("CLIENT")
                && words(bytes, 2).stream().skip(1).anyMatch(word -> word.equalsIgnoreCase("REPLY"));
    }

    private static List<String> words(Buffer frame, int limit) {
        return frame.getByte(0) == '*' ? texts(frame, limit) : split(frame, limit);
    }

    private static List<String> split(Buffer line, int limit) {
        return Arrays.stream(line.toString().trim().split("\\s+", -1))
                .filter(word -> !word.isEmpty())
                .limit(limit)
                .toList();
    }

    private static List<String> texts(Buffer array, int limit) {
        List<String> words = new ArrayList<>();
        int at = endOfLine(array, 0);
        while (at < array.length() && words.size() < limit) {
            int begin = endOfLine(array, at);
            int end = begin + Integer.parseInt(array.getString(at + 1, begin - 2));
            words.add(array.getString(begin, end));
            at = end + 2;
        }
        return words;
    }

    private static int endOfLine(Buffer buffer, int from) {
        int at = from;
        while (buffer.getByte(at) != '\n') {
            at++;
        }
        return at + 1;
    }
}
