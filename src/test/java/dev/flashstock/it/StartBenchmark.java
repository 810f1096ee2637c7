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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * How long what was packaged takes from its start until it is ready, with table and queue, and the memory that it has
 * then: as it is in the image, on Linux. Where there is an AOT cache, with and without it by turns. {@code ./mvnw verify
 * -Dquick -Daot}, then {@code ./mvnw failsafe:integration-test -Dit.test=StartBenchmark}
 */
class StartBenchmark {
    private static final int ROUNDS = 11;
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration POLL = Duration.ofMillis(5);

    private final OwnBackends backends = new OwnBackends("start");
    private final HttpClient client = HttpClient.newHttpClient();

    /** One start. */
    private record Start(double seconds, double megabytes) {}

    @AfterEach
    void close() {
        backends.close();
    }

    @Test
    void until_it_is_ready() throws IOException, InterruptedException {
        Map<String, List<Start>> starts = new LinkedHashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            for (Map.Entry<String, List<String>> way : ways().entrySet()) {
                Start start = start(way.getValue());
                starts.computeIfAbsent(way.getKey(), name -> new ArrayList<>()).add(start);
            }
        }
        System.out.printf("%-20s %12s %12s%n", "median of " + ROUNDS, "ready, s", "resident, MB");
        starts.forEach((way, all) -> System.out.printf(
                "%-20s %12.2f %12.0f%n",
                way,
                median(all.stream().map(Start::seconds).toList()),
                median(all.stream().map(Start::megabytes).toList())));
    }

    private static Map<String, List<String>> ways() {
        Map<String, List<String>> ways = new LinkedHashMap<>();
        if (Packaged.isNative()) {
            ways.put("native executable", Packaged.asInTheImage(false));
        } else {
            ways.put("jar", Packaged.asInTheImage(false));
            if (Packaged.hasAotCache()) {
                ways.put("jar with AOT cache", Packaged.asInTheImage(true));
            }
        }
        return ways;
    }

    private Start start(List<String> command) throws IOException, InterruptedException {
        int port = freePort();
        Map<String, String> environment = new HashMap<>();
        backends.settings().forEach((key, value) -> environment.put(variable(key), value));
        environment.put("QUARKUS_HTTP_PORT", String.valueOf(port));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(Path.of("target", "start.log").toFile());
        builder.environment().putAll(environment);
        HttpRequest ready = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/q/health/ready"))
                .build();
        long begun = System.nanoTime();
        Process process = builder.start();
        try {
            await().atMost(PATIENCE).pollInterval(POLL).pollInSameThread().until(() -> isReady(ready));
            return new Start((System.nanoTime() - begun) / 1e9, residentMegabytes(process.pid()));
        } finally {
            process.destroy();
            process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private boolean isReady(HttpRequest ready) throws InterruptedException {
        try {
            return client.send(ready, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) { // it does not listen yet
            return false;
        }
    }

    /** The environment variable of a setting: what is read first of a container's configuration. */
    private static String variable(String key) {
        return key.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static double residentMegabytes(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc", String.valueOf(pid), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1_024)
                .findFirst()
                .orElseThrow();
    }

    private static double median(List<Double> of) {
        return of.stream().sorted().toList().get(of.size() / 2);
    }
}
