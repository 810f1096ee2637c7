package dev.flashstock.local;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

/**
 * Supplies the addresses of the embedded backends as configuration, starting them when they are first asked for.
 *
 * <p>Inert unless {@code flashstock.local.launcher} names the class that starts them, which only the profiles
 * {@code dev} and {@code test} do. A backend whose address is configured elsewhere (an environment variable, a system
 * property, {@code application.properties}) is neither started nor touched.
 */
public final class LocalConfigSourceFactory implements ConfigSourceFactory {
    /** Names the launcher: a {@code Function<String, String>} from a backend's name to its address. */
    public static final String LAUNCHER = "flashstock.local.launcher";

    /** The Redis database, 0 to 15: dev mode and continuous tests share one server. */
    public static final String REDIS_DATABASE = "flashstock.local.redis-database";

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
                LocalEndpoints.configuration(launcher, wanted(context), database == null ? "0" : database);
        return List.of(new PropertiesConfigSource(properties, "embedded backends", ORDINAL));
    }

    private static Set<Backend> wanted(ConfigSourceContext context) {
        Set<Backend> wanted = EnumSet.noneOf(Backend.class);
        for (Backend backend : Backend.values()) {
            if (!isSetElsewhere(context, backend.addressKey())) {
                wanted.add(backend);
            }
        }
        return wanted;
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
}
