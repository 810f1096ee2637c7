package dev.flashstock.it;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** One start of what was packaged, as in the image, watched from outside until it is ready. */
final class Start implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration POLL = Duration.ofMillis(5);
    private static final Path LOG = Path.of("target", "start.log");

    private final HttpClient client = HttpClient.newHttpClient();
    private final long begun = System.nanoTime();
    private final Process process;
    private final HttpRequest ready;

    private Start(Process process, int port) {
        this.process = process;
        this.ready = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/q/health/ready"))
                .build();
    }

    static Start of(ProcessBuilder command) throws IOException {
        int port = freePort();
        command.environment().put("QUARKUS_HTTP_PORT", String.valueOf(port));
        return new Start(
                command.redirectErrorStream(true).redirectOutput(LOG.toFile()).start(), port);
    }

    /** It is, with table and queue; how long that took. */
    Duration awaitReady() {
        await("it is ready, see " + LOG)
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(POLL)
                .pollInSameThread()
                .until(this::isReady);
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    private boolean isReady() throws InterruptedException {
        if (!process.isAlive()) {
            throw new IllegalStateException("It has ended, see " + LOG);
        }
        try {
            return client.send(ready, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) { // it does not listen yet
            return false;
        }
    }

    /** Linux tells it. */
    double residentMegabytes() throws IOException {
        return Files.readAllLines(Path.of("/proc", String.valueOf(process.pid()), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1_024)
                .findFirst()
                .orElseThrow();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            process.destroyForcibly();
        }
    }
}
