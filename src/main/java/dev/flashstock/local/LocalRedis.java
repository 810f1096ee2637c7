package dev.flashstock.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import redis.embedded.core.ExecutableProvider;
import redis.embedded.error.OsArchitectureNotFound;
import redis.embedded.error.UnknownOSName;

/** A real Redis without persistence: the binary of embedded-redis, run as a child process that ends with this JVM. */
final class LocalRedis {
    /** Another process may take the port between our look and Redis's bind. */
    private static final int ATTEMPTS = 5;

    private static final Duration READY_WITHIN = Duration.ofSeconds(10);
    private static final Duration END_WITHIN = Duration.ofSeconds(2);
    private static final int POLL_MILLIS = 10;
    private static final byte[] PING = "PING\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PONG = "+PONG\r\n".getBytes(StandardCharsets.US_ASCII);

    private LocalRedis() {}

    static String start() {
        try {
            RedisHome home = RedisHome.create();
            home.endOrphans();
            String binary = binary(home);
            for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
                int port = freePort();
                if (startOn(port, binary, home)) {
                    return "redis://" + LocalBackends.LOOPBACK + ":" + port;
                }
            }
            throw new IllegalStateException(
                    "redis-server ended %d times, at last saying: %s".formatted(ATTEMPTS, home.lastWords()));
        } catch (IOException e) {
            throw new UncheckedIOException(e.toString(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while redis-server started", e);
        }
    }

    private static String binary(RedisHome home) throws IOException {
        try {
            return ExecutableProvider.newJarResourceProvider(home.directory().toFile())
                    .get()
                    .getPath();
        } catch (OsArchitectureNotFound | UnknownOSName e) {
            throw new IllegalStateException(
                    "embedded-redis brings no redis-server for %s on %s"
                            .formatted(System.getProperty("os.name"), System.getProperty("os.arch")),
                    e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, loopback())) {
            return socket.getLocalPort();
        }
    }

    private static InetAddress loopback() throws IOException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    }

    /** Returns false if the process ended before it answered; throws if it lives and stays silent. */
    private static boolean startOn(int port, String binary, RedisHome home) throws IOException, InterruptedException {
        List<String> command = List.of(
                binary,
                "--bind",
                LocalBackends.LOOPBACK,
                "--port",
                Integer.toString(port),
                "--save",
                "",
                "--appendonly",
                "no");
        Process redis = new ProcessBuilder(command)
                .directory(home.directory().toFile())
                .redirectErrorStream(true)
                .redirectOutput(home.log().toFile())
                .start();
        Thread end = new Thread(() -> end(redis, home), "end-redis");
        Runtime.getRuntime().addShutdownHook(end);
        long deadline = System.nanoTime() + READY_WITHIN.toNanos();
        while (redis.isAlive()) {
            if (answers(port)) {
                return redis.isAlive();
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("redis-server does not answer on port %d after %d s: %s"
                        .formatted(port, READY_WITHIN.toSeconds(), home.lastWords()));
            }
            Thread.sleep(POLL_MILLIS);
        }
        Runtime.getRuntime().removeShutdownHook(end);
        return false;
    }

    private static boolean answers(int port) throws IOException {
        try (Socket socket = connect(port)) {
            if (socket == null) {
                return false;
            }
            socket.getOutputStream().write(PING);
            return Arrays.equals(socket.getInputStream().readNBytes(PONG.length), PONG);
        }
    }

    private static @Nullable Socket connect(int port) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setSoTimeout((int) READY_WITHIN.toMillis());
            socket.connect(new InetSocketAddress(loopback(), port));
            return socket;
        } catch (ConnectException notYet) {
            socket.close();
            return null;
        }
    }

    /** Runs while the JVM goes down, when no further class may be loadable: plain calls only. */
    private static void end(Process redis, RedisHome home) {
        redis.destroyForcibly(); // it keeps nothing
        try {
            redis.waitFor(END_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        home.delete();
    }
}
