package dev.flashstock.local;

import java.util.function.Function;

/**
 * Starts an embedded backend, given its {@link Backend} name, on a free port of the loopback interface; returns its
 * address. Loaded by name only, so that nothing else refers to the embedded servers.
 *
 * <p>The servers inside this JVM end with it. Redis is a process of its own, which a shutdown hook ends.
 */
public final class LocalBackends implements Function<String, String> {
    static final String LOOPBACK = "127.0.0.1";

    @Override
    public String apply(String backend) {
        return switch (Backend.valueOf(backend)) {
            case DYNAMODB -> LocalDynamoDb.start();
            case SQS -> LocalSqs.start();
            case REDIS -> LocalRedis.start();
        };
    }
}
