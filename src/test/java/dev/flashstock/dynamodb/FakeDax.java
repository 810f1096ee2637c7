package dev.flashstock.dynamodb;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.dax.com.amazon.cbor.CborInputStream;
import software.amazon.dax.com.amazon.cbor.CborOutputStream;

/**
 * A DAX cluster of one node, which speaks as much of the wire protocol as its client's version 2.0.10 needs to discover it
 * and to get items. It remembers items for good, those that are not there too. And it can be in a bad mood.
 *
 * <p>The protocol: CBOR over TCP. The client greets, and authorizes itself with a signature; neither is answered. A request
 * is the service (1), the method's id and its arguments. An answer is a frame: its length with these eight bytes, a flag that
 * it is the last, and then a status, an array that is empty when all went well, and the result. An item is the id of its
 * attributes' names, in their order, and their values; the client asks once for what names an id stands for.
 */
public final class FakeDax implements AutoCloseable {
    private static final int AUTHORIZE = 1489122155;
    private static final int ENDPOINTS = 455855874;
    private static final int DEFINE_KEY_SCHEMA = -742646399;
    private static final int DEFINE_ATTRIBUTE_LIST = 670678385;
    private static final int GET_ITEM = 263244906;

    private static final int FRAME_HEADER = 8;
    /** The one before stands for no names at all. */
    private static final int FIRST_ID = 2;

    /** How it answers. */
    public enum Mood {
        /** As it should. */
        FINE,
        /** Reads, and answers nothing. */
        SILENT,
        /** Frames whose content is no CBOR. */
        GARBAGE,
        /** Another protocol's words. */
        HTTP,
        /** Half an answer, and hangs up. */
        CUT,
        /** That the caller is not authorized. */
        REFUSING
    }

    private final ServerSocket server;
    private final UnaryOperator<Map<String, AttributeValue>> table;
    private final ExecutorService threads = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "fake-cluster");
        thread.setDaemon(true);
        return thread;
    });
    private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
    private final AtomicInteger mostConnections = new AtomicInteger();
    private final Map<Map<String, AttributeValue>, Map<String, AttributeValue>> remembered = new ConcurrentHashMap<>();
    private final List<List<String>> names = new CopyOnWriteArrayList<>();
    private final AtomicInteger itemsAskedFor = new AtomicInteger();
    private volatile Mood mood;

    /** On a free port. */
    public FakeDax(Mood mood, UnaryOperator<Map<String, AttributeValue>> table) throws IOException {
        this(0, mood, table);
    }

    /** On a port; an item is read of the table by its key, and empty when it is not there. */
    FakeDax(int port, Mood mood, UnaryOperator<Map<String, AttributeValue>> table) throws IOException {
        this.server = new ServerSocket(port, 0, InetAddress.getLoopbackAddress());
        this.mood = mood;
        this.table = table;
        threads.execute(this::accept);
    }

    public URI endpoint() {
        return URI.create("dax://127.0.0.1:" + server.getLocalPort());
    }

    void isIn(Mood mood) {
        this.mood = mood;
    }

    /** How many items it was asked for, however it answered. */
    public int itemsAskedFor() {
        return itemsAskedFor.get();
    }

    /** How many connections there were at a time. */
    int mostConnections() {
        return mostConnections.get();
    }

    /** How many connections there are. */
    int connections() {
        return connections.size();
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                connections.add(socket);
                mostConnections.accumulateAndGet(connections.size(), Math::max);
                threads.execute(() -> serve(socket));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket socket) {
        try (socket;
                CborInputStream in = new CborInputStream(socket.getInputStream(), 1024)) {
            greeting(in);
            while (true) {
                request(in, socket);
            }
        } catch (IOException e) {
            // The client has hung up, or this cluster is closed.
        } finally {
            connections.remove(socket);
        }
    }

    private static void greeting(CborInputStream in) throws IOException {
        expect(in.readObject(), "J7yne5G");
        expect(in.readInt(), 1); // answers are framed
        in.skipObject(); // a session
        in.skipObject(); // the user agent
        expect(in.readInt(), 0); // the mode
    }

    private static void expect(Object read, Object expected) {
        if (!expected.equals(read)) {
            throw new IllegalStateException("Expected " + expected + ", not " + read);
        }
    }

    private void request(CborInputStream in, Socket socket) throws IOException {
        expect(in.readInt(), 1);
        int method = in.readInt();
        switch (method) {
            case AUTHORIZE -> {
                expect(((String) in.readObject()).isBlank(), false); // the access key
                in.skipObject(); // the signature
                in.skipObject(); // what was signed
                in.skipObject(); // the session's token
                in.skipObject(); // the user agent
            }
            case ENDPOINTS -> answer(socket, this::endpoints);
            case DEFINE_KEY_SCHEMA -> {
                in.skipObject(); // the table
                answer(socket, FakeDax::keySchema);
            }
            case DEFINE_ATTRIBUTE_LIST -> {
                int id = in.readInt();
                answer(socket, out -> out.writeCollection(names.get(id - FIRST_ID)));
            }
            case GET_ITEM -> {
                in.skipObject(); // the table
                byte[] key = (byte[]) in.readObject();
                expect(in.readObject() == null, true); // the further arguments, such as a consistent read
                itemsAskedFor.incrementAndGet();
                answer(socket, out -> item(key, out));
            }
            default -> throw new IllegalStateException("Another method: " + method);
        }
    }

    private interface Result {
        void write(CborOutputStream out) throws IOException;
    }

    private void answer(Socket socket, Result result) throws IOException {
        switch (mood) {
            case FINE ->
                frame(socket, cbor(out -> {
                    out.writeArrayHeader(0);
                    result.write(out);
                }));
            case SILENT -> {}
            case GARBAGE -> frame(socket, "No CBOR at all".getBytes(StandardCharsets.UTF_8));
            case HTTP ->
                socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            case CUT -> {
                new DataOutputStream(socket.getOutputStream()).writeInt(1_000);
                socket.close();
            }
            case REFUSING ->
                frame(socket, cbor(out -> {
                    out.writeCollection(List.of(4, 23, 31, 33));
                    out.writeString("Not authorized");
                    out.writeNull();
                }));
        }
    }

    private static void frame(Socket socket, byte[] content) throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(frame);
        out.writeInt(FRAME_HEADER + content.length);
        out.writeInt(1 << 24); // the last one
        out.write(content);
        socket.getOutputStream().write(frame.toByteArray());
    }

    private static byte[] cbor(Result content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (CborOutputStream out = new CborOutputStream(bytes, 1024)) {
            content.write(out);
            out.flush();
        }
        return bytes.toByteArray();
    }

    private void endpoints(CborOutputStream out) throws IOException {
        out.writeArrayHeader(1);
        out.writeMapHeader(5);
        out.writeInt(0);
        out.writeLong(1); // the node
        out.writeInt(1);
        out.writeString("127.0.0.1");
        out.writeInt(2);
        out.writeBytes(new byte[] {127, 0, 0, 1});
        out.writeInt(3);
        out.writeInt(server.getLocalPort());
        out.writeInt(4);
        out.writeInt(1); // it leads
    }

    private static void keySchema(CborOutputStream out) throws IOException {
        out.writeMapHeader(2);
        out.writeString(Schema.PK);
        out.writeString("S");
        out.writeString(Schema.SK);
        out.writeString("S");
    }

    /** A key is the partition key in CBOR, and what is left of it the sort key as it is. */
    private void item(byte[] key, CborOutputStream out) throws IOException {
        CborInputStream in = new CborInputStream(key);
        String partition = (String) in.readObject();
        String sort = new String(key, in.pos(), key.length - in.pos(), StandardCharsets.UTF_8);
        Map<String, AttributeValue> item = remembered.computeIfAbsent(
                Map.of(Schema.PK, Schema.text(partition), Schema.SK, Schema.text(sort)), table);
        if (item.isEmpty()) {
            out.writeNull();
            return;
        }
        List<String> attributes = item.keySet().stream()
                .filter(name -> !name.equals(Schema.PK) && !name.equals(Schema.SK))
                .sorted()
                .toList();
        out.writeMapHeader(1);
        out.writeInt(0);
        out.writeBytes(cbor(values -> {
            values.writeLong(idOf(attributes));
            for (String name : attributes) {
                write(item.get(name), values);
            }
        }));
    }

    private synchronized int idOf(List<String> attributes) {
        if (!names.contains(attributes)) {
            names.add(attributes);
        }
        return FIRST_ID + names.indexOf(attributes);
    }

    private static void write(AttributeValue value, CborOutputStream out) throws IOException {
        switch (value.type()) {
            case S -> out.writeString(value.s());
            case N -> out.writeNumber(value.n());
            default -> throw new IllegalStateException("No product has " + value);
        }
    }

    /** Hangs up on everybody. */
    void hangUp() {
        connections.forEach(FakeDax::close);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        hangUp();
        threads.shutdownNow();
    }
}
