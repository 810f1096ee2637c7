package dev.flashstock.local;

import dev.flashstock.local.faults.Faults;
import dev.flashstock.local.faults.Gate;
import dev.flashstock.local.faults.HttpBackend;
import dev.flashstock.local.faults.HttpWire;
import dev.flashstock.local.faults.RedisWire;
import dev.flashstock.local.faults.Wire;
import dev.flashstock.local.partitions.PartitionProxy;
import io.vertx.core.Vertx;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** What is embedded: how to start it, the wire that leads to it, and the configuration that points a client at it. */
public enum Backend {
    /** DynamoDB Local, behind a {@link PartitionProxy}. */
    DYNAMODB("quarkus.dynamodb", "endpoint-override", LocalDynamoDb::start) {
        @Override
        public Wire wire(Vertx vertx, URI server) {
            return new PartitionProxy(vertx, server, SEED);
        }
    },
    /** ElasticMQ. */
    SQS("quarkus.sqs", "endpoint-override", LocalSqs::start) {
        @Override
        public Wire wire(Vertx vertx, URI server) {
            return new HttpWire(vertx, new HttpBackend(vertx, server), new Faults(SEED), Gate.OPEN);
        }
    },
    /** A redis-server. */
    REDIS("quarkus.redis", "hosts", LocalRedis::start) {
        @Override
        public Wire wire(Vertx vertx, URI server) {
            return new RedisWire(vertx, server, new Faults(SEED));
        }
    };

    /** The same run has the same faults. */
    private static final long SEED = 1;

    private final String prefix;
    private final String addressKey;

    @SuppressWarnings("ImmutableEnumChecker") // a method reference that captures nothing
    private final Supplier<String> starter;

    Backend(String prefix, String address, Supplier<String> starter) {
        this.prefix = prefix;
        this.addressKey = prefix + "." + address;
        this.starter = starter;
    }

    /** The property that holds the backend's address. */
    public String addressKey() {
        return addressKey;
    }

    /**
     * Puts a wire in front of a server: nothing goes wrong on it until it is told.
     *
     * @param vertx what it runs on
     * @param server the server's address
     */
    public abstract Wire wire(Vertx vertx, URI server);

    /** The name in a URL. */
    String path() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Starts the server on a free loopback port and returns its address.
     *
     * @throws IllegalStateException if it does not start; the message says why and what to do
     */
    String start() {
        try {
            return starter.get();
        } catch (RuntimeException e) {
            throw new IllegalStateException(
                    "The embedded %s did not start: %s. To do without it, set %s to the address of a server of your own."
                            .formatted(this, e.getMessage(), addressKey),
                    e);
        }
    }

    /** The properties that a client needs for the server at {@code address}. */
    Map<String, String> configuration(String address, String redisDatabase) {
        if (this == REDIS) {
            return Map.of(addressKey, address + "/" + redisDatabase);
        }
        return Map.of(
                addressKey,
                address,
                prefix + ".aws.region",
                LocalBackends.REGION,
                prefix + ".aws.credentials.type",
                "static",
                prefix + ".aws.credentials.static-provider.access-key-id",
                "local",
                prefix + ".aws.credentials.static-provider.secret-access-key",
                "local");
    }
}
