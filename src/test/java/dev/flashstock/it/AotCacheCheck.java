package dev.flashstock.it;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The image's command takes the AOT cache, and becomes ready. Run by the profile {@code aot}, when there is a cache. */
class AotCacheCheck {
    private final OwnBackends backends = new OwnBackends("aot");

    /** Which one it is, a JVM decides by the memory that its container has. */
    @ParameterizedTest
    @ValueSource(strings = {"-XX:+UseG1GC", "-XX:+UseSerialGC"})
    void theImagesCommandTakesTheCache(String collector) throws IOException, InterruptedException {
        // Where the cache cannot be used, the JVM ends.
        try (backends;
                Start start =
                        Start.of(Packaged.asInTheImage(List.of("-XX:AOTMode=on", collector), backends.settings()))) {
            start.awaitReady();
        }
    }
}
