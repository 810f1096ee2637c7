package dev.flashstock.local;

import java.util.Map;

/** What can be embedded, and the configuration that points a client at it. */
public enum Backend {
    DYNAMODB("quarkus.dynamodb.endpoint-override") {
        @Override
        Map<String, String> configuration(String address, String redisDatabase) {
            return aws("quarkus.dynamodb", address);
        }
    },
    SQS("quarkus.sqs.endpoint-override") {
        @Override
        Map<String, String> configuration(String address, String redisDatabase) {
            return aws("quarkus.sqs", address);
        }
    },
    REDIS("quarkus.redis.hosts") {
        @Override
        Map<String, String> configuration(String address, String redisDatabase) {
            return Map.of(addressKey(), address + "/" + redisDatabase);
        }
    };

    private final String addressKey;

    Backend(String addressKey) {
        this.addressKey = addressKey;
    }

    /** The property that holds the backend's address; a backend whose address is set elsewhere is not started. */
    String addressKey() {
        return addressKey;
    }

    /** The properties that a client needs for the server at {@code address}. */
    abstract Map<String, String> configuration(String address, String redisDatabase);

    private static Map<String, String> aws(String prefix, String address) {
        return Map.of(
                prefix + ".endpoint-override", address,
                prefix + ".aws.region", "eu-central-1",
                prefix + ".aws.credentials.type", "static",
                prefix + ".aws.credentials.static-provider.access-key-id", "local",
                prefix + ".aws.credentials.static-provider.secret-access-key", "local");
    }
}
