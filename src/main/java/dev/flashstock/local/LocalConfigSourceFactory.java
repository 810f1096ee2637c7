package dev.flashstock.local;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

/**
 * Supplies the addresses of the embedded backends as configuration, starting them when they are first asked for.
 *
 * <p>Inert unless {@code flashstock.local.launcher} names the class that starts them, which only the profiles
 * {@code dev} and {@code test} do. A backend whose address is configured elsewhere (an environment variable, a system
 * property, {@code application.properties}) is neither started nor touched.
 *
 * <p>The only class of this package that is packaged, so it refers to no other one.
 */
public final class LocalConfigSourceFactory implements ConfigSourceFactory {
    private static final String LAUNCHER = "flashstock.local.launcher";

    /** 0 to 15; dev mode and continuous tests share one server. */
    private static final String REDIS_DATABASE = "flashstock.local.redis-database";

    /** Below {@code application.properties} (250), so that whatever a developer sets himself wins. */
    private static final int ORDINAL = 200;

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        String launcher = value(context, LAUNCHER);
        if (launcher == null) {
            return List.of();
        }
        String database = value(context, REDIS_DATABASE);
        Map<String, String> properties =
                instantiate(launcher).apply(key -> isSetElsewhere(context, key), database == null ? "0" : database);
        return List.of(new PropertiesConfigSource(properties, "embedded backends", ORDINAL));
    }

    /** Our own values come back as defaults that Quarkus recorded at build time: those have a lower ordinal. */
    private static boolean isSetElsewhere(ConfigSourceContext context, String key) {
        ConfigValue value = context.getValue(key);
        return value != null && value.getValue() != null && value.getConfigSourceOrdinal() > ORDINAL;
    }

    private static @Nullable String value(ConfigSourceContext context, String key) {
        ConfigValue value = context.getValue(key);
        return value == null || value.getValue() == null || value.getValue().isBlank() ? null : value.getValue();
    }

    /** JDK types only: the launcher may come from another class loader than this class. */
    @SuppressWarnings("unchecked")
    private static BiFunction<Predicate<String>, String, Map<String, String>> instantiate(String launcher) {
        try {
            return (BiFunction<Predicate<String>, String, Map<String, String>>)
                    load(launcher).getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException | LinkageError e) {
            throw new IllegalStateException(
                    ("%s=%s cannot be used. The embedded backends are on the class path of dev mode and tests only; "
                                    + "elsewhere leave it unset and configure the addresses of real ones.")
                            .formatted(LAUNCHER, launcher),
                    e);
        }
    }

    /**
     * The system class loader comes first: test runs have the launcher there, and it outlives every application. In dev
     * mode each live reload closes the class loader of the application, which the servers must outlive: there the launcher
     * gets one of its own, beside it.
     */
    private static Class<?> load(String launcher) throws ClassNotFoundException {
        try {
            return Class.forName(launcher, true, ClassLoader.getSystemClassLoader());
        } catch (ClassNotFoundException devMode) {
            URL application = LocalConfigSourceFactory.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation();
            ClassLoader libraries = ConfigSourceFactory.class.getClassLoader();
            return Class.forName(launcher, true, new URLClassLoader(new URL[] {application}, libraries));
        }
    }
}
