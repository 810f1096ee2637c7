package dev.flashstock.it;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What traces cost the whole service: the CPU time of a packaged instance for each reservation, with them switched off,
 * and with one in a hundred or all of them recorded, by turns. {@code ./mvnw verify -Dtest=none
 * -Dsurefire.failIfNoSpecifiedTests=false -Dit.test=TraceCostBenchmark -Djacoco.skip}
 */
class TraceCostBenchmark {
    private final HttpServer collector = collector();
    private final OwnBackends backends = new OwnBackends("traces");
    private final List<Instance> instances =
            List.of(new Instance("off", backends.settings()), recording("0.01"), recording("1.0"));

    private static HttpServer collector() {
        try {
            HttpServer collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            collector.createContext("/v1/traces", TraceCostBenchmark::take);
            collector.start();
            return collector;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void take(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
    }

    private Instance recording(String share) {
        Map<String, String> settings = new TreeMap<>(backends.settings());
        settings.put("quarkus.otel.sdk.disabled", "false");
        settings.put("quarkus.otel.traces.sampler.arg", share);
        settings.put(
                "quarkus.otel.exporter.otlp.endpoint",
                "http://127.0.0.1:" + collector.getAddress().getPort());
        return new Instance("recorded-" + share, settings);
    }

    @AfterEach
    void close() throws InterruptedException {
        for (Instance instance : instances) {
            instance.close();
        }
        backends.close();
        collector.stop(0);
    }

    @Test
    void reservations() throws IOException, InterruptedException {
        new ReservationCost().print(instances);
    }
}
