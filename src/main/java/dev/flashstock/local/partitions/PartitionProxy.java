package dev.flashstock.local.partitions;

import dev.flashstock.local.faults.Faults;
import dev.flashstock.local.faults.HttpBackend;
import dev.flashstock.local.faults.HttpWire;
import dev.flashstock.local.faults.Wire;
import io.vertx.core.Vertx;
import java.net.URI;

/**
 * A DynamoDB Local that behaves like DynamoDB when it is busy: it speaks the same protocol on an address of its own,
 * throttles the tables that have limits, lets transactions conflict, and fails as it is told to.
 */
public final class PartitionProxy implements Wire {
    private final PartitionGate gate;
    private final HttpWire wire;

    /**
     * Puts a proxy in front of DynamoDB Local, without limits and faults.
     *
     * @param vertx what it runs on
     * @param server where DynamoDB Local listens
     * @param seed what the chance of its faults begins with
     */
    public PartitionProxy(Vertx vertx, URI server, long seed) {
        HttpBackend backend = new HttpBackend(vertx, server);
        this.gate = new PartitionGate(backend, System::nanoTime);
        this.wire = new HttpWire(vertx, backend, new Faults(seed), gate);
    }

    /** The limits of its tables, and what was spent. */
    public PartitionGate partitions() {
        return gate;
    }

    @Override
    public URI address() {
        return wire.address();
    }

    @Override
    public Faults faults() {
        return wire.faults();
    }

    @Override
    public void cut() {
        wire.cut();
    }

    @Override
    public void mend() {
        wire.mend();
    }

    @Override
    public void close() {
        wire.close();
    }
}
