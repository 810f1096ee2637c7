package dev.flashstock.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** A request that is being written, byte by byte: nothing keeps it from being wrong. */
final class Draft {
    /** One header, or one parameter of the query, as it is written. */
    record Pair(String name, String value) {}

    private static final Pattern DOTS = Pattern.compile("(?i)(\\.|%2e){1,2}");

    /** In bytes: the server's own limits are 16 KiB for the first line and as much again for all headers together. */
    private static final int LONGEST_PART = 16_000;

    private final String template;
    private final Map<String, String> pathValues = new HashMap<>();
    private final List<Pair> query = new ArrayList<>();
    private final List<Pair> headers = new ArrayList<>();
    private String method;
    private String target = "";
    private String version = "HTTP/1.1";
    private byte[] body = {};
    private boolean tellsLength;
    private boolean elsewhere;
    private boolean malformed;

    Draft(String method, String template) {
        this.method = method;
        this.template = template;
    }

    // Writing

    Draft method(String other) {
        method = other;
        return elsewhere();
    }

    Draft version(String other) {
        version = other;
        return malformed();
    }

    /** As it is written, percent-encoded or not. What means this folder, or the one above it, leads elsewhere. */
    Draft path(String name, String written) {
        pathValues.put(name, written);
        return DOTS.matcher(written).matches() ? elsewhere() : this;
    }

    /** Another target instead of the path and the query. */
    Draft target(String written) {
        target = written;
        return elsewhere();
    }

    Draft query(String name, String written) {
        query.add(new Pair(name, written));
        return this;
    }

    Draft withoutQuery(String name) {
        query.removeIf(it -> it.name().equals(name));
        return this;
    }

    /** In place of one that is there. */
    Draft header(String name, String value) {
        return withoutHeader(name).anotherHeader(name, value);
    }

    Draft anotherHeader(String name, String value) {
        headers.add(new Pair(name, value));
        return this;
    }

    Draft withoutHeader(String name) {
        headers.removeIf(it -> it.name().equalsIgnoreCase(name));
        return this;
    }

    Draft body(byte[] bytes) {
        body = bytes.clone();
        tellsLength = true;
        return this;
    }

    Draft body(String text) {
        return body(utf8(text));
    }

    /** With a length of its own among the headers, or none. */
    Draft bodyOfUntoldLength(byte[] bytes) {
        body = bytes.clone();
        tellsLength = false;
        return this;
    }

    /** It may be meant for another operation, or for none. */
    Draft elsewhere() {
        elsewhere = true;
        return this;
    }

    /** It is no HTTP: the server may say so in its own way, and close the connection. */
    Draft malformed() {
        malformed = true;
        return this;
    }

    // Reading

    boolean isElsewhere() {
        return elsewhere;
    }

    /** Or its line is longer than the server reads one, or its headers are. */
    boolean isMalformed() {
        return malformed || length(firstLine()) > LONGEST_PART || length(headerLines()) > LONGEST_PART;
    }

    private static int length(String written) {
        return utf8(written).length;
    }

    boolean isHead() {
        return method.equals("HEAD");
    }

    Optional<String> header(String name) {
        return headers.stream()
                .filter(it -> it.name().equalsIgnoreCase(name))
                .map(Pair::value)
                .findFirst();
    }

    byte[] bytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        // What is beyond Latin-1 goes as UTF-8, as most clients would send it.
        bytes.writeBytes(utf8(firstLine() + headerLines() + "\r\n"));
        boolean inChunks = header("Transfer-Encoding").isPresent();
        // Who reads chunks must not wait for more: a body that came after them goes as one, and all have an end.
        if (inChunks && tellsLength && body.length > 0) {
            bytes.writeBytes(utf8(Integer.toHexString(body.length) + "\r\n"));
        }
        bytes.writeBytes(body);
        if (inChunks) {
            bytes.writeBytes(utf8(tellsLength && body.length == 0 ? "0\r\n\r\n" : "\r\n0\r\n\r\n"));
        }
        return bytes.toByteArray();
    }

    private static byte[] utf8(String written) {
        return written.getBytes(StandardCharsets.UTF_8);
    }

    private String firstLine() {
        return method + ' ' + written() + ' ' + version + "\r\n";
    }

    private String headerLines() {
        StringBuilder lines = new StringBuilder();
        headers.forEach(
                it -> lines.append(it.name()).append(": ").append(it.value()).append("\r\n"));
        if (tellsLength) {
            lines.append("Content-Length: ").append(body.length).append("\r\n");
        }
        return lines.toString();
    }

    private String written() {
        if (!target.isEmpty()) {
            return target;
        }
        String path = template;
        for (Map.Entry<String, String> value : pathValues.entrySet()) {
            path = path.replace('{' + value.getKey() + '}', value.getValue());
        }
        StringBuilder all = new StringBuilder(path);
        char separator = '?';
        for (Pair parameter : query) {
            all.append(separator).append(parameter.name()).append('=').append(parameter.value());
            separator = '&';
        }
        return all.toString();
    }

    /** The request on one line, cut, with what cannot be printed escaped. */
    @Override
    public String toString() {
        StringBuilder line = new StringBuilder();
        byte[] bytes = bytes();
        int shown = Math.min(bytes.length, 1500);
        for (int i = 0; i < shown; i++) {
            int b = bytes[i] & 0xFF;
            switch (b) {
                case '\r' -> line.append("\\r");
                case '\n' -> line.append("\\n");
                case '\\' -> line.append("\\\\");
                default -> line.append(b >= 0x20 && b < 0x7F ? String.valueOf((char) b) : "\\x%02x".formatted(b));
            }
        }
        return shown < bytes.length ? line + "... (" + bytes.length + " bytes)" : line.toString();
    }
}
