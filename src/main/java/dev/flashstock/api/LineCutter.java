package dev.flashstock.api;

import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts an upload into lines as it comes. A line ends with LF or CRLF. One of more than {@value #MAX_BYTES} bytes is not
 * kept, only counted: no more than that is in memory of what has no end yet.
 */
final class LineCutter {
    /** The longest line, in bytes, without its LF. */
    static final int MAX_BYTES = 4096;

    private static final Problem TOO_LONG =
            Problem.of(ProblemType.BODY_TOO_LARGE, "A line has at most " + MAX_BYTES + " bytes.");
    private static final Problem NOT_TEXT = Problem.of(ProblemType.MALFORMED_BODY, "The line is not UTF-8.");
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final byte[] begun = new byte[MAX_BYTES];
    private int length;
    private long lines;

    /** The lines that end in this chunk; the rest waits for the next one. */
    List<Line> cut(Buffer chunk) {
        List<Line> whole = new ArrayList<>();
        byte[] bytes = chunk.getBytes();
        int from = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                keep(bytes, from, i);
                whole.add(end());
                from = i + 1;
            }
        }
        keep(bytes, from, bytes.length);
        return whole;
    }

    /** The last line, if it has no end; to be asked for when nothing comes any more. */
    List<Line> rest() {
        return length == 0 ? List.of() : List.of(end());
    }

    /** How many lines have ended. */
    long lines() {
        return lines;
    }

    private void keep(byte[] bytes, int from, int to) {
        int count = to - from;
        if (count <= MAX_BYTES - length) {
            System.arraycopy(bytes, from, begun, length, count);
            length += count;
        } else {
            length = MAX_BYTES + 1;
        }
    }

    private Line end() {
        lines++;
        Line line = length > MAX_BYTES ? new Line(lines, "", TOO_LONG) : text();
        length = 0;
        return line;
    }

    private Line text() {
        int end = length > 0 && begun[length - 1] == '\r' ? length - 1 : length;
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(begun, 0, end))
                    .toString();
            return new Line(lines, lines == 1 && text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text, null);
        } catch (CharacterCodingException e) {
            return new Line(lines, "", NOT_TEXT);
        }
    }
}
