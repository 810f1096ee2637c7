package dev.flashstock.stock;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a recorded trace goes on: a {@code traceparent} of W3C Trace Context, of version 00 and sampled. What is not
 * recorded has none.
 *
 * @param value 55 characters
 */
public record TraceParent(String value) {
    private static final Pattern SHAPE = Pattern.compile("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-01");

    /**
     * Checks the shape.
     *
     * @throws IllegalArgumentException when it is none
     */
    public TraceParent {
        if (!SHAPE.matcher(value).matches()) {
            throw new IllegalArgumentException("Not the parent of a recorded span");
        }
    }

    /**
     * A span that is recorded.
     *
     * @param traceId its trace, 32 hexadecimal digits
     * @param spanId the span, 16 of them
     * @return what others name it by
     */
    public static TraceParent of(String traceId, String spanId) {
        return new TraceParent("00-" + traceId + "-" + spanId + "-01");
    }

    /**
     * What somebody else has written.
     *
     * @param written perhaps one
     * @return it; null when it is none, which matters to nobody but who looks at traces
     */
    public static @Nullable TraceParent read(@Nullable String written) {
        return written != null && SHAPE.matcher(written).matches() ? new TraceParent(written) : null;
    }

    /**
     * Which trace it is.
     *
     * @return 32 hexadecimal digits
     */
    public String traceId() {
        return value.substring(3, 35);
    }

    /**
     * Which of its spans.
     *
     * @return 16 hexadecimal digits
     */
    public String spanId() {
        return value.substring(36, 52);
    }
}
