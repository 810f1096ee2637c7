package dev.flashstock.it;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One process of the packaged application, on loopback, that is ended and started again. */
final class Instance implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Path LOGS = Path.of("target", "instances");
    private static final Pattern LISTENING = Pattern.compile("Listening on: http://[^\"\\s]*:(\\d+)");

    private final String name;
    private final Map<String, String> settings;
    private final AtomicLong answers = new AtomicLong();
    private int starts;
    private Process process;
    private volatile URI base;
    private volatile boolean up;

    /**
     * An instance that does not run yet.
     *
     * @param name what its logs are named after: {@code target/instances/<name>-<n>.log} for its n-th start
     * @param settings its configuration
     */
    Instance(String name, Map<String, String> settings) {
        this.name = name;
        this.settings = settings;
    }

    /** Starts it, and returns when it listens. */
    Instance start() throws IOException {
        starts++;
        Files.createDirectories(LOGS);
        Path log = log();
        process = new ProcessBuilder(Packaged.command(settings))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        await(name + " listens, see " + log).atMost(PATIENCE).until(() -> listens(log));
        up = true;
        return this;
    }

    /** What it has printed since it was started last. */
    Path log() {
        return LOGS.resolve(name + "-" + starts + ".log");
    }

    private boolean listens(Path log) {
        try {
            Matcher listening = LISTENING.matcher(Files.readString(log));
            if (listening.find()) {
                base = URI.create("http://127.0.0.1:" + listening.group(1));
                return true;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!process.isAlive()) {
            throw new IllegalStateException(name + " has ended, see " + log);
        }
        return false;
    }

    /** SIGKILL. Whoever chooses an instance does not choose this one any more. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        up = false;
        process.waitFor();
    }

    /** SIGTERM. It is chosen as before: whoever sends requests there learns of it late. */
    void terminate() {
        process.destroy();
    }

    /** Waits for its end, and returns its exit code. */
    int exitCode(Duration patience) throws InterruptedException {
        if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException(name + " has not ended by itself within " + patience);
        }
        up = false;
        return process.exitValue();
    }

    /** Where it listens; another port after each start. */
    URI base() {
        return base;
    }

    /** Whether it is chosen. */
    boolean isUp() {
        return up;
    }

    /** The CPU time that it has used since it was started. */
    Duration cpuTime() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    /** How many answers it has given in all. */
    long answers() {
        return answers.get();
    }

    void hasAnswered() {
        answers.incrementAndGet();
    }

    /** Ends it, however it is. */
    @Override
    public void close() throws InterruptedException {
        if (process != null) {
            kill();
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
