package dev.flashstock.dynamodb;

import dev.flashstock.heat.ClusterHeat;
import dev.flashstock.heat.Heat;
import dev.flashstock.heat.PartitionLimits;
import dev.flashstock.local.Backend;
import dev.flashstock.local.LocalBackends;
import dev.flashstock.local.faults.Wire;
import dev.flashstock.local.partitions.Limits;
import dev.flashstock.local.partitions.PartitionProxy;
import dev.flashstock.local.partitions.Throughput;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** A table of its own in DynamoDB Local, behind partitions that have limits, whose heat is counted by a clock of the test's. */
final class WatchedTable implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final PartitionProxy wire = new PartitionProxy(Wire.eventLoop(), LocalBackends.server(Backend.DYNAMODB), 1);
    private final String table = "heat-" + UUID.randomUUID();
    private final AtomicLong nanos = new AtomicLong();
    private final Heat heat = new Heat(nanos::get);
    private final DynamoDbAsyncClient client = client(table);

    WatchedTable() {
        new DynamoDbSetup(client, table).provision().await().atMost(PATIENCE);
    }

    /** A client whose requests of a table are counted; to be closed. */
    DynamoDbAsyncClient client(String counted) {
        return DynamoDbAsyncClient.builder()
                .endpointOverride(wire.address())
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .overrideConfiguration(config -> config.retryStrategy(AwsRetryStrategy.doNotRetry())
                        .apiCallTimeout(Duration.ofSeconds(30))
                        .addExecutionInterceptor(new HeatInterceptor(heat, counted)))
                .build();
    }

    DynamoDbAsyncClient client() {
        return client;
    }

    String name() {
        return table;
    }

    Heat heat() {
        return heat;
    }

    /** Its heat, judged. */
    ClusterHeat judged(PartitionLimits limits) {
        return new ClusterHeat(() -> List.of(heat.now()), Subjects::of, limits);
    }

    /** What time it is, since the table was made, for the heat alone. */
    void at(Duration time) {
        nanos.set(time.toNanos());
    }

    /** Limits its partitions, from now on. */
    void limit(Limits limits) {
        wire.partitions().limit(table, limits);
    }

    /** What the partitions have charged since they were limited. */
    Throughput charged() {
        return wire.partitions().throughput(table);
    }

    @Override
    public void close() {
        client.close();
        wire.close();
    }
}
