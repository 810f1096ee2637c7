package dev.flashstock.local;

import dev.flashstock.local.faults.Wire;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.vertx.core.Vertx;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/**
 * Wires of a test class's own between the application and the embedded backends: for {@code @WithTestResource}, injected
 * into a field of this type. A test that lets something go wrong calls {@link #mend} at its end.
 */
public class Wires implements QuarkusTestResourceLifecycleManager {
    private static final String REDIS_DATABASE = "3";

    private final Map<Backend, Wire> wires = new EnumMap<>(Backend.class);
    private final Vertx vertx = Wire.eventLoop();

    @Override
    public Map<String, String> start() {
        Map<String, String> settings = new HashMap<>();
        for (Backend backend : Backend.values()) {
            Wire wire = backend.wire(vertx, LocalBackends.server(backend));
            wires.put(backend, wire);
            settings.putAll(backend.configuration(wire.address().toString(), REDIS_DATABASE));
        }
        // An outage must be told from slowness before a test's patience ends.
        settings.put("quarkus.dynamodb.api-call-timeout", "2s");
        settings.put("quarkus.sqs.api-call-timeout", "2s");
        return settings;
    }

    /** The wire to a backend. */
    public Wire to(Backend backend) {
        return wires.get(backend);
    }

    /** Nothing goes wrong any more. */
    public void mend() {
        wires.values().forEach(wire -> {
            wire.mend();
            wire.faults().clear();
        });
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(this, new TestInjector.MatchesType(Wires.class));
    }

    @Override
    public void stop() {
        wires.values().forEach(Wire::close);
        vertx.close();
    }
}
