package dev.flashstock.dynamodb;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Tracer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;

class TraceInterceptorTest {
    /** As a live reload does it: the class is loaded anew, and the SDK is not. */
    private static final class Anew extends ClassLoader {
        private Anew() {
            super(TraceInterceptor.class.getClassLoader());
        }

        private Class<?> loaded() {
            try (InputStream code = TraceInterceptor.class.getResourceAsStream("TraceInterceptor.class")) {
                byte[] bytes = code.readAllBytes();
                return defineClass(TraceInterceptor.class.getName(), bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Test
    void itMayBeLoadedAgainBesideTheSameSdk() {
        // Given
        Tracer tracer = OpenTelemetry.noop().getTracer("test");
        new TraceInterceptor(tracer, "table");

        // When, Then
        assertThatCode(() -> new Anew()
                        .loaded()
                        .getConstructor(Tracer.class, String.class)
                        .newInstance(tracer, "table"))
                .doesNotThrowAnyException();
    }
}
