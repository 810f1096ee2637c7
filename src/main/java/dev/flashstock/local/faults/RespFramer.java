package dev.flashstock.local.faults;

import io.vertx.core.buffer.Buffer;
import java.net.ProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of Redis's protocol, RESP2 or RESP3, into frames: whole commands or whole answers, as their bytes.
 *
 * <p>Frames are taken one by one, so that whoever takes none for a while keeps no more than what has been added. Not
 * thread-safe. <a href="https://redis.io/docs/latest/develop/reference/protocol-spec/">The protocol</a>.
 */
final class RespFramer {
    static final int MAX_BULK_BYTES = 64 << 20;
    static final int MAX_FRAME_BYTES = 128 << 20;
    static final int MAX_LINE_BYTES = 64 << 10;
    /** In one array, map, set or push. */
    static final int MAX_ELEMENTS = 1 << 20;

    static final int MAX_DEPTH = 32;

    /** No number of elements or bytes needs more digits. */
    private static final int MAX_DIGITS = 10;

    private final boolean commands;
    /** How many elements are still to come at each depth; at depth 0 it is the frame itself. */
    private final int[] left = new int[MAX_DEPTH + 1];

    private int depth;
    private Buffer buffer = Buffer.buffer();
    /** Where the frame begins. */
    private int start;
    /** Where the next of its elements begins. */
    private int at;
    /** How many bytes from there on hold no end of a line. */
    private int seen;
    /** How many bytes of text come next, with their line break; 0: a line comes next. */
    private int bulk;

    private RespFramer(boolean commands) {
        this.commands = commands;
        left[0] = 1;
    }

    /** Takes what clients send: arrays of texts, and commands in a line of their own. */
    static RespFramer ofCommands() {
        return new RespFramer(true);
    }

    /** Takes what Redis sends. An attribute is one frame with what it belongs to. */
    static RespFramer ofAnswers() {
        return new RespFramer(false);
    }

    /** Takes the next piece of the stream. */
    void add(Buffer piece) {
        if (start > 0) {
            buffer = buffer.getBuffer(start, buffer.length());
            at -= start;
            start = 0;
        }
        buffer.appendBuffer(piece);
    }

    /**
     * The next frame; null: it is not all there.
     *
     * @throws ProtocolException if it is none, or beyond the limits; the stream is of no use any more
     */
    @Nullable
    Buffer next() throws ProtocolException {
        do {
            if (!element()) {
                return null;
            }
        } while (left[0] > 0);
        Buffer frame = buffer.getBuffer(start, at);
        start = at;
        left[0] = 1;
        if (start == buffer.length()) {
            buffer = Buffer.buffer();
            start = 0;
            at = 0;
        }
        return frame;
    }

    /** Moves on by a line, or by a text; returns false if it is not all there. */
    private boolean element() throws ProtocolException {
        if (bulk > 0) {
            return text();
        }
        int end = endOfLine();
        if (end < 0) {
            return false;
        }
        int begin = at;
        at = end;
        seen = 0;
        if (commands && depth == 0 && buffer.getByte(begin) != '*') {
            complete();
        } else {
            header(begin, end);
        }
        check(at - start <= MAX_FRAME_BYTES, "frame too long");
        return true;
    }

    private boolean text() throws ProtocolException {
        if (buffer.length() - at < bulk) {
            return false;
        }
        at += bulk;
        bulk = 0;
        check(buffer.getByte(at - 2) == '\r' && buffer.getByte(at - 1) == '\n', "text longer than it says");
        complete();
        return true;
    }

    /** The index after the next line break, or -1. */
    private int endOfLine() throws ProtocolException {
        int limit = Math.min(buffer.length(), at + MAX_LINE_BYTES);
        for (int i = at + seen; i < limit; i++) {
            if (buffer.getByte(i) == '\n') {
                return i + 1;
            }
        }
        seen = limit - at;
        check(seen < MAX_LINE_BYTES, "line too long");
        return -1;
    }

    private void header(int begin, int end) throws ProtocolException {
        check(end - begin > 2 && buffer.getByte(end - 2) == '\r', "no line");
        char type = (char) buffer.getByte(begin);
        check(!commands || type == (depth == 0 ? '*' : '$'), "not a command");
        switch (type) {
            case '+', '-', ':', '_', '#', ',', '(' -> complete();
            case '$', '!', '=' -> bulk(number(begin, end, MAX_BULK_BYTES));
            case '*', '~', '>' -> open(number(begin, end, MAX_ELEMENTS));
            case '%' -> open(2 * number(begin, end, MAX_ELEMENTS));
            case '|' -> {
                left[depth]++; // what it belongs to comes after it
                open(2 * number(begin, end, MAX_ELEMENTS));
            }
            default -> throw new ProtocolException("no such type");
        }
    }

    private int number(int begin, int end, int max) throws ProtocolException {
        check(end - begin <= MAX_DIGITS + 3, "number too long");
        try {
            long number = Long.parseLong(buffer.getString(begin + 1, end - 2));
            check(number >= -1 && number <= max, "number out of bounds");
            return (int) number;
        } catch (NumberFormatException e) {
            throw new ProtocolException("not a number");
        }
    }

    private void bulk(int length) throws ProtocolException {
        if (length < 0) {
            check(!commands, "null in a command");
            complete();
            return;
        }
        bulk = length + 2;
        check(at - start + bulk <= MAX_FRAME_BYTES, "frame too long");
    }

    private void open(int elements) throws ProtocolException {
        if (elements <= 0) {
            complete();
            return;
        }
        check(depth < MAX_DEPTH, "nested too deep");
        left[++depth] = elements;
    }

    /** An element is complete, and with its last one what it is part of. */
    private void complete() {
        while (--left[depth] == 0 && depth > 0) {
            depth--;
        }
    }

    private static void check(boolean right, String otherwise) throws ProtocolException {
        if (!right) {
            throw new ProtocolException(otherwise);
        }
    }
}
