package dev.flashstock.local.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.flashstock.local.Backend;
import dev.flashstock.local.LocalBackends;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A wire of its own for each test, in front of the shared Redis, with keys of its own. */
abstract class RedisWireFixture {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Vertx VERTX = Wire.eventLoop();
    private static final URI SERVER = URI.create(LocalBackends.server(Backend.REDIS) + "/5");

    final String key = "faults-" + UUID.randomUUID();
    final RedisWire wire = new RedisWire(VERTX, SERVER, new Faults(1));

    private final List<AutoCloseable> sockets = new ArrayList<>();
    private final Redis throughWire = Redis.createClient(VERTX, wire.address().toString());
    private final Redis pastWire = Redis.createClient(VERTX, SERVER.toString());

    /** A connection through the wire, of a client that speaks RESP3. */
    RedisConnection client;

    private RedisConnection direct;

    @BeforeEach
    void connect() {
        client = client();
        direct = get(pastWire.connect());
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable socket : sockets) {
            socket.close();
        }
        throughWire.close();
        pastWire.close();
        wire.close();
    }

    RedisConnection client() {
        return get(throughWire.connect());
    }

    /** A connection through the wire with nothing in between. */
    Raw raw() throws IOException {
        Raw raw = new Raw(wire.address());
        sockets.add(raw);
        return raw;
    }

    void once(String operation, Fault fault) {
        wire.faults().set(FaultRule.always(fault).on(operation).times(1));
    }

    /** What Redis answers to a client behind the wire. */
    Response send(String command, Object... words) {
        return get(client.send(request(command, words)));
    }

    /** What Redis answers to who asks it without the wire. */
    Response direct(String command, Object... words) {
        return get(direct.send(request(command, words)));
    }

    static Request request(String command, Object... words) {
        Request request = Request.cmd(Command.create(command));
        for (Object word : words) {
            request.arg(word.toString());
        }
        return request;
    }

    /** Throws what the client fails with as a cause. */
    static <T> T get(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    /** A socket. */
    static final class Raw implements AutoCloseable {
        final Socket socket;

        Raw(URI address) throws IOException {
            socket = new Socket(address.getHost(), address.getPort());
            socket.setSoTimeout((int) PATIENCE.toMillis());
        }

        /** Sends commands, each in a line of its own. */
        Raw send(String... commands) throws IOException {
            return write(String.join("\r\n", commands) + "\r\n");
        }

        Raw write(String bytes) throws IOException {
            socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
            return this;
        }

        /** The same where no checked exception may be thrown. */
        void writeAll(String bytes) {
            try {
                write(bytes);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** Reads as much as is expected, so that a failure shows what came instead. */
        String read(int bytes) throws IOException {
            return new String(socket.getInputStream().readNBytes(bytes), ISO_8859_1);
        }

        /** Reads to the end of the connection. */
        String readAll() throws IOException {
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }

        String line() throws IOException {
            StringBuilder line = new StringBuilder();
            while (line.indexOf("\r\n") < 0) {
                int next = socket.getInputStream().read();
                if (next < 0) {
                    throw new EOFException(line.toString());
                }
                line.append((char) next);
            }
            return line.substring(0, line.length() - 2);
        }

        /** Reads lines up to the first with a text. */
        void skipTo(String text) throws IOException {
            while (!line().contains(text)) {
                // a line of the answer to an earlier command
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
