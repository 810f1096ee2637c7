package dev.flashstock.it;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The image's command takes the AOT cache, and becomes ready. Run by the profile {@code aot}, when there is a cache. */
class AotCacheCheck {
    private final OwnBackends backends = new OwnBackends("aot");

    @Test
    void theImagesCommandTakesTheCache() throws IOException, InterruptedException {
        // Where the cache cannot be used, the JVM ends.
        try (backends;
                Start start = Start.of(Packaged.asInTheImage("on", backends.settings()))) {
            start.awaitReady();
        }
    }
}
