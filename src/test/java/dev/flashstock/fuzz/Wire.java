package dev.flashstock.fuzz;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** One connection that is kept alive, and made anew when it ends: sends any bytes and reads what HTTP answers. */
final class Wire implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int MAX_BODY = 4 * 1024 * 1024;

    private final URI server;
    private Socket socket;
    private InputStream in;

    Wire(URI server) {
        this.server = server;
    }

    /**
     * What came back.
     *
     * @param headers as they were written, one a line
     * @param body of an event stream, what came first; unpacked, where it came compressed
     */
    record Reply(int status, List<String> headers, byte[] body) {
        Optional<String> header(String name) {
            return headers.stream()
                    .filter(it -> it.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                    .map(it -> it.substring(name.length() + 1).trim())
                    .findFirst();
        }

        String contentType() {
            return header("Content-Type").orElse("");
        }

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    /**
     * Sends a request.
     *
     * @return the answer; empty when the connection was closed without one
     * @throws SocketTimeoutException when there is none for so long
     */
    Optional<Reply> send(Draft request) throws IOException {
        byte[] bytes = request.bytes();
        boolean fresh = socket == null;
        try {
            Optional<Reply> reply = exchange(bytes, request.isHead());
            // A connection that was kept may have been closed while it was idle.
            return reply.isEmpty() && !fresh ? exchange(bytes, request.isHead()) : reply;
        } catch (SocketTimeoutException e) {
            close();
            throw e;
        }
    }

    private Optional<Reply> exchange(byte[] bytes, boolean head) throws IOException {
        try {
            connect();
            socket.getOutputStream().write(bytes);
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            // It may have been refused before all of it was sent, and the answer be there.
            if (socket == null) {
                throw e;
            }
        }
        try {
            return read(head);
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            close();
            return Optional.empty();
        }
    }

    private void connect() throws IOException {
        if (socket == null) {
            socket = new Socket(server.getHost(), server.getPort());
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.setTcpNoDelay(true);
            in = new BufferedInputStream(socket.getInputStream());
        }
    }

    private Optional<Reply> read(boolean head) throws IOException {
        String first = line();
        while (first != null && first.startsWith("HTTP/1.1 100")) {
            line();
            first = line();
        }
        if (first == null || !first.startsWith("HTTP/1.")) {
            close();
            return Optional.empty();
        }
        List<String> headers = new ArrayList<>();
        for (String header = line(); header != null && !header.isEmpty(); header = line()) {
            headers.add(header);
        }
        Reply reply = new Reply(Integer.parseInt(first.substring(9, 12)), headers, new byte[0]);
        Reply whole = new Reply(reply.status(), headers, head ? new byte[0] : unpacked(reply, body(reply)));
        if (whole.header("Connection").filter("close"::equalsIgnoreCase).isPresent()) {
            close();
        }
        return Optional.of(whole);
    }

    private byte[] body(Reply reply) throws IOException {
        if (reply.contentType().startsWith("text/event-stream")) {
            close();
            return new byte[0];
        }
        if (reply.status() == 204 || reply.status() == 304) {
            return new byte[0];
        }
        if (reply.header("Transfer-Encoding")
                .filter("chunked"::equalsIgnoreCase)
                .isPresent()) {
            return chunks();
        }
        return in.readNBytes(
                reply.header("Content-Length").map(Integer::parseInt).orElse(0));
    }

    /** The body without its compression; as it came, and so no JSON, where it is not compressed as it says. */
    private static byte[] unpacked(Reply reply, byte[] body) throws IOException {
        if (body.length == 0
                || reply.header("Content-Encoding")
                        .filter("gzip"::equalsIgnoreCase)
                        .isEmpty()) {
            return body;
        }
        try (InputStream unpacking = new GZIPInputStream(new ByteArrayInputStream(body))) {
            return unpacking.readNBytes(MAX_BODY);
        } catch (ZipException | EOFException e) {
            return body;
        }
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int size = chunkSize(); size > 0 && all.size() < MAX_BODY; size = chunkSize()) {
            all.writeBytes(in.readNBytes(size));
            line();
        }
        line();
        return all.toByteArray();
    }

    private int chunkSize() throws IOException {
        String size = line();
        if (size == null) {
            throw new IOException("The answer ends in the middle");
        }
        return Integer.parseInt(size.trim(), 16);
    }

    /** Without its end; null at the end of the stream. */
    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                return null;
            }
            line.append((char) b);
        }
        return line.toString().replaceFirst("\r$", "");
    }

    @Override
    public void close() throws IOException {
        if (socket != null) {
            socket.close();
            socket = null;
        }
    }
}
