package dev.flashstock.local;

import dev.flashstock.local.faults.Wire;
import io.vertx.core.Vertx;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Starts the embedded backends, each once in a JVM and behind a wire on which faults can happen, and returns the
 * configuration that points the clients at them.
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

    /** Where a backend's wire begins. */
    private static final String ADDRESS = "flashstock.local.address.";

    /** Where the wire leads to. */
    private static final String SERVER = "flashstock.local.server.";

    /** Where the wire is controlled. */
    private static final String CONTROL = "flashstock.local.control.";

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
        synchronized (LOCK) {
            List<Backend> wanted = Stream.of(Backend.values())
                    .filter(backend -> !setElsewhere.test(backend.addressKey()))
                    .toList();
            start(wanted.stream()
                    .filter(backend -> System.getProperty(ADDRESS + backend) == null)
                    .toList());
            wanted.forEach(backend ->
                    configuration.putAll(backend.configuration(System.getProperty(ADDRESS + backend), redisDatabase)));
        }
        return configuration;
    }

    /**
     * A backend without its wire, started if need be: for tests, which have wires of their own.
     *
     * @param backend the backend
     */
    public static URI server(Backend backend) {
        new LocalBackends().apply(key -> false, "0");
        return URI.create(System.getProperty(SERVER + backend));
    }

    /** Where the wire of a backend that runs in this JVM is controlled; empty if it does not. */
    static Optional<String> control(Backend backend) {
        return Optional.ofNullable(System.getProperty(CONTROL + backend));
    }

    private static void start(List<Backend> missing) {
        if (missing.isEmpty()) {
            return;
        }
        // Servers' threads inherit the class loader of the thread that starts them: not one that a reload closes.
        Thread thread = Thread.currentThread();
        ClassLoader callers = thread.getContextClassLoader();
        long begin = System.nanoTime();
        StringJoiner started = new StringJoiner(", ");
        Vertx vertx = Wire.eventLoop();
        ControlServer control = new ControlServer(vertx);
        try {
            for (Backend backend : missing) {
                control.add(backend, start(backend, vertx));
                System.setProperty(CONTROL + backend, control.address().toString());
                started.add(backend + " at " + System.getProperty(ADDRESS + backend));
            }
        } finally {
            thread.setContextClassLoader(callers);
        }
        LOG.infof(
                "Embedded backends started in %d ms: %s",
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin), started);
    }

    private static Wire start(Backend backend, Vertx vertx) {
        String server = backend.start();
        Wire wire = backend.wire(vertx, URI.create(server));
        System.setProperty(SERVER + backend, server);
        System.setProperty(ADDRESS + backend, wire.address().toString());
        return wire;
    }
}
