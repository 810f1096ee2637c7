package dev.flashstock.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flashstock.it.Purchase.Way;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Traces are switched on as an operator does it, and nobody collects them. */
class TracesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final OwnBackends backends = new OwnBackends("traced");
    private final Instance instance = new Instance("traced", backends.settings());
    private final Storefront storefront = new Storefront();

    @AfterEach
    void end() throws InterruptedException {
        instance.close();
        backends.close();
    }

    @Test
    void a_collector_that_is_down_is_told_of_and_does_no_harm() throws IOException {
        // Given
        backends.settings().put("quarkus.otel.sdk.disabled", "false");
        backends.settings().put("quarkus.otel.exporter.otlp.endpoint", "http://127.0.0.1:1");
        backends.settings().put("quarkus.otel.traces.sampler.arg", "1.0");
        instance.start();
        List<String> start = Files.readAllLines(instance.log());
        storefront.stockUp(instance, "console", 1, 10);

        // When
        Answer held = storefront.reserve(instance, Way.DIRECT, new Purchase("console", "alice", 1));
        Answer queued = storefront.reserve(instance, Way.BUFFERED, new Purchase("console", "bob", 1));

        // Then
        assertThat(List.of(held.status(), queued.status())).containsExactly(201, 202);
        await("the queue is empty").atMost(PATIENCE).until(() -> backends.messages() == 0);
        await("it is told")
                .atMost(PATIENCE)
                .until(() -> Files.readString(instance.log()).contains("Failed to export"));
        assertThat(start).noneMatch(line -> line.matches(".*\"loggerName\":\"io\\.(quarkus\\.)?opentelemetry.*"));
    }
}
