package dev.flashstock.it;

import dev.flashstock.local.LocalBackends;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.HashMap;
import java.util.Map;

/**
 * Points the packaged application, which knows no embedded backend, at those that run in the test's JVM.
 *
 * <p>For {@code @WithTestResource}, which leaves other classes alone: {@code @QuarkusTestResource} would reconfigure every
 * test. They end with that JVM, not with the test: further tests use the same.
 */
public class EmbeddedBackends implements QuarkusTestResourceLifecycleManager {
    /** The tests' own database is 1, dev mode's is 0. */
    private static final String REDIS_DATABASE = "2";

    @Override
    public Map<String, String> start() {
        Map<String, String> configuration = new HashMap<>(new LocalBackends().apply(key -> false, REDIS_DATABASE));
        configuration.put("flashstock.provision", "true");
        return configuration;
    }

    @Override
    public void stop() {
        // The JVM's end stops them.
    }
}
