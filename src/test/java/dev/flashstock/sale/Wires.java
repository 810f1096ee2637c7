package dev.flashstock.sale;

import dev.flashstock.local.LocalBackends;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;

/** Puts a wire between the application and each embedded backend. */
public class Wires implements QuarkusTestResourceLifecycleManager {
    private static final String REDIS_DATABASE = "3";

    private final Map<String, Wire> wires = new HashMap<>();

    @Override
    public Map<String, String> start() {
        Map<String, String> settings = new HashMap<>();
        new LocalBackends().apply(key -> false, REDIS_DATABASE).forEach((key, value) -> {
            if (value.contains("://")) {
                settings.put(key, through(key, URI.create(value)));
            }
        });
        // An outage must be told from slowness before a test's patience ends.
        settings.put("quarkus.dynamodb.api-call-timeout", "2s");
        settings.put("quarkus.sqs.api-call-timeout", "2s");
        return settings;
    }

    private String through(String key, URI address) {
        Wire wire = new Wire(address.getHost(), address.getPort());
        wires.put(key, wire);
        return address.toString().replace(":" + address.getPort(), ":" + wire.port());
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(
                wires,
                new TestInjector.MatchesType(Map.class)
                        .and(field -> field.getName().equals("wires")));
    }

    @Override
    public void stop() {
        wires.values().forEach(wire -> {
            try {
                wire.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
