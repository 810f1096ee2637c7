package dev.flashstock.local;

import java.util.Map;
import java.util.function.Supplier;

/** What is embedded: how to start it, and the configuration that points a client at it. */
enum Backend {
    DYNAMODB("quarkus.dynamodb", "endpoint-override", LocalDynamoDb::start),
    SQS("quarkus.sqs", "endpoint-override", LocalSqs::start),
    REDIS("quarkus.redis", "hosts", LocalRedis::start);

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
    String addressKey() {
        return addressKey;
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
