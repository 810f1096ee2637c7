package dev.flashstock.local;

import java.lang.reflect.Constructor;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * The addresses of this JVM's embedded backends, each started once.
 *
 * <p>Quarkus reads configuration in several class loaders, and again on each live reload. What they all share is the
 * JVM: addresses are kept in system properties, under a lock that is the same object in every class loader. For the
 * same reason the launcher is known by JDK types only.
 */
public final class LocalEndpoints {
    private static final Logger LOG = Logger.getLogger("dev.flashstock.local");

    private static final String ADDRESS = "flashstock.local.address.";

    /** An interned string is one object for the whole JVM. */
    private static final Object LOCK = LocalEndpoints.class.getName().intern();

    private LocalEndpoints() {}

    /**
     * Starts what does not run yet and returns the configuration that points the clients at it.
     *
     * @param launcher the class that starts a backend: a {@code Function<String, String>} from its name to its address
     * @param wanted the backends to start
     * @param redisDatabase the Redis database to use, 0 to 15
     * @throws IllegalStateException if a backend does not start; the message says what to do about it
     */
    public static Map<String, String> configuration(String launcher, Set<Backend> wanted, String redisDatabase) {
        Map<String, String> configuration = new HashMap<>();
        addresses(launcher, wanted)
                .forEach((backend, address) -> configuration.putAll(backend.configuration(address, redisDatabase)));
        return configuration;
    }

    private static Map<Backend, String> addresses(String launcher, Set<Backend> wanted) {
        Map<Backend, String> addresses = new HashMap<>();
        StringJoiner started = new StringJoiner(", ");
        long begin = System.nanoTime();
        synchronized (LOCK) {
            for (Backend backend : wanted) {
                String address = System.getProperty(ADDRESS + backend);
                if (address == null) {
                    address = start(launcher, backend);
                    System.setProperty(ADDRESS + backend, address);
                    started.add(backend + " at " + address);
                }
                addresses.put(backend, address);
            }
        }
        if (started.length() > 0) {
            LOG.infof(
                    "Embedded backends started in %d ms: %s",
                    TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin), started);
        }
        return addresses;
    }

    private static String start(String launcher, Backend backend) {
        Thread thread = Thread.currentThread();
        ClassLoader callers = thread.getContextClassLoader();
        try {
            Function<String, String> starter = instantiate(launcher);
            // Servers' threads inherit it: not one that a live reload closes.
            thread.setContextClassLoader(starter.getClass().getClassLoader());
            return starter.apply(backend.name());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    ("%s=%s cannot be used. The embedded backends are on the class path of dev mode and tests only; "
                                    + "elsewhere leave it unset and configure the addresses.")
                            .formatted(LocalConfigSourceFactory.LAUNCHER, launcher),
                    e);
        } catch (RuntimeException e) {
            throw new IllegalStateException(
                    "The embedded %s did not start: %s. To do without it, set %s to the address of a server of your own."
                            .formatted(backend, e.getMessage(), backend.addressKey()),
                    e);
        } finally {
            thread.setContextClassLoader(callers);
        }
    }

    @SuppressWarnings("unchecked")
    private static Function<String, String> instantiate(String launcher) throws ReflectiveOperationException {
        Constructor<?> constructor = load(launcher).getDeclaredConstructor();
        return (Function<String, String>) constructor.newInstance();
    }

    /** The system class loader comes first: test runs have the launcher there, and it outlives every application. */
    private static Class<?> load(String launcher) throws ClassNotFoundException {
        try {
            return Class.forName(launcher, true, ClassLoader.getSystemClassLoader());
        } catch (ClassNotFoundException e) {
            return Class.forName(launcher, true, Thread.currentThread().getContextClassLoader());
        }
    }
}
