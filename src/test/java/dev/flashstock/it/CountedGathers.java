package dev.flashstock.it;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flashstock.local.Backend;
import dev.flashstock.local.LocalBackends;
import dev.flashstock.local.faults.Faults;
import dev.flashstock.local.faults.Gate;
import dev.flashstock.local.faults.HttpBackend;
import dev.flashstock.local.faults.HttpWire;
import dev.flashstock.local.faults.Wire;
import dev.flashstock.local.partitions.PartitionGate;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A partition proxy that notes when which SKU's stock is read. */
final class CountedGathers implements Gate, AutoCloseable {
    private static final String STOCK = "STOCK#";

    private final PartitionGate partitions;
    private final HttpWire wire;
    private final Map<String, List<Long>> readings = new ConcurrentHashMap<>();

    CountedGathers() {
        Vertx vertx = Wire.eventLoop();
        HttpBackend backend = new HttpBackend(vertx, LocalBackends.server(Backend.DYNAMODB));
        partitions = new PartitionGate(backend, System::nanoTime);
        wire = new HttpWire(vertx, backend, new Faults(1), this);
    }

    URI address() {
        return wire.address();
    }

    /** When a SKU's stock was read, by the nanosecond clock: each request that reads any of its shards once. */
    List<Long> of(String sku) {
        return readings.getOrDefault(sku, List.of());
    }

    /** Begins anew. */
    void clear() {
        readings.clear();
    }

    @Override
    public Future<Passage> admit(Request request) {
        if (List.of("BatchGetItem", "GetItem", "Query", "TransactGetItems").contains(request.operation())) {
            long now = System.nanoTime();
            texts(request).stream()
                    .filter(it -> it.startsWith(STOCK))
                    .map(it -> it.substring(STOCK.length(), it.lastIndexOf('#')))
                    .distinct()
                    .forEach(sku -> readings.computeIfAbsent(sku, any -> new CopyOnWriteArrayList<>())
                            .add(now));
        }
        return partitions.admit(request);
    }

    /** All strings of the tables' attributes in a request: its keys are among them. */
    private static List<String> texts(Request request) {
        try {
            return Wire.MAPPER.readTree(request.body().getBytes()).findValues("S").stream()
                    .map(JsonNode::asText)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        wire.close();
    }
}
