package dev.flashstock.local;

import java.util.HashMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.jboss.logging.Logger;

/**
 * Starts the embedded backends, each once in a JVM, and returns the configuration that points the clients at them.
 *
 * <p>Quarkus reads configuration in several class loaders, and again on each live reload. What they all share is the
 * JVM: addresses are kept in system properties, under a lock that is the same object in every class loader.
 *
 * <p>The servers inside this JVM end with it. Redis is a process of its own, which a shutdown hook ends.
 */
public final class LocalBackends implements BiFunction<Predicate<String>, String, Map<String, String>> {
    static final String LOOPBACK = "127.0.0.1";
    static final String REGION = "eu-central-1";

    private static final Logger LOG = Logger.getLogger("dev.flashstock.local");

    private static final String ADDRESS = "flashstock.local.address.";

    /** An interned string is one object for the whole JVM. */
    private static final Object LOCK = LocalBackends.class.getName().intern();

    /**
     * Starts what is wanted and does not run yet.
     *
     * @param setElsewhere whether a property is set already: a backend whose address is, is not started
     * @param redisDatabase the Redis database to use, 0 to 15
     * @throws IllegalStateException if a backend does not start; the message says why and what to do
     */
    @Override
    public Map<String, String> apply(Predicate<String> setElsewhere, String redisDatabase) {
        Map<String, String> configuration = new HashMap<>();
        StringJoiner started = new StringJoiner(", ");
        long begin = System.nanoTime();
        synchronized (LOCK) {
            for (Backend backend : Backend.values()) {
                if (!setElsewhere.test(backend.addressKey())) {
                    configuration.putAll(backend.configuration(address(backend, started), redisDatabase));
                }
            }
        }
        if (started.length() > 0) {
            LOG.infof(
                    "Embedded backends started in %d ms: %s",
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin), started);
        }
        return configuration;
    }

    private static String address(Backend backend, StringJoiner started) {
        String known = System.getProperty(ADDRESS + backend);
        if (known != null) {
            return known;
        }
        // Servers' threads inherit the class loader of the thread that starts them: not one that a reload closes.
        Thread thread = Thread.currentThread();
        ClassLoader callers = thread.getContextClassLoader();
        try {
            String address = backend.start();
            System.setProperty(ADDRESS + backend, address);
            started.add(backend + " at " + address);
            return address;
        } finally {
            thread.setContextClassLoader(callers);
        }
    }
}
