package dev.flashstock.app;

import static dev.flashstock.Samples.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flashstock.stock.Audit;
import dev.flashstock.stock.Sku;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class AuditMetricsTest {
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final AuditMetrics audits = new AuditMetrics(metrics);

    @Test
    void audits_are_counted_by_what_they_show() {
        // When
        audits.accept(audit(0));
        audits.accept(audit(0));
        audits.accept(audit(-3));

        // Then
        assertThat(count("clean")).isEqualTo(2);
        assertThat(count("difference")).isEqualTo(1);
    }

    @Test
    void the_alarm_looks_for_what_is_logged() throws IOException {
        assertThat(Files.readString(Path.of("deploy/aws/alarms.yaml")))
                .contains("FilterPattern: '\"" + AuditMetrics.DIFFERENCE + "\"'");
    }

    private double count(String result) {
        return metrics.counter("flashstock.audits", "result", result).count();
    }

    private static Audit audit(long difference) {
        return new Audit("id", new Sku("console"), NOW, NOW, 10, 0, 10, 0, 0, difference, 0, true, 1, 1, List.of(), 0);
    }
}
