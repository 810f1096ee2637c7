package dev.flashstock.dynamodb;

import static org.awaitility.Awaitility.await;

import dev.flashstock.Samples;
import dev.flashstock.inventory.TableContract;
import dev.flashstock.local.Backend;
import dev.flashstock.local.LocalBackends;
import dev.flashstock.local.faults.Fault;
import dev.flashstock.local.faults.FaultRule;
import dev.flashstock.local.faults.Wire;
import dev.flashstock.local.partitions.PartitionProxy;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** A table of its own in DynamoDB Local, behind a wire on which transactions conflict and take as long as a test needs. */
final class TableOnAWire {
    /** One for all tests: each has its own SKUs and users. */
    static final TableOnAWire SHARED = new TableOnAWire();

    /** Longer than what a test does meanwhile, also on a busy machine. */
    private static final Fault SLOW = new Fault.Latency(6_000, 6_000);

    private final PartitionProxy wire = new PartitionProxy(Wire.eventLoop(), LocalBackends.server(Backend.DYNAMODB), 1);
    private final String table = "contract-" + UUID.randomUUID();
    private final DynamoDbAsyncClient client;
    private final TableContract.Ports ports;

    private TableOnAWire() {
        client = DynamoDbAsyncClient.builder()
                .endpointOverride(wire.address())
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .httpClientBuilder(NettyNioAsyncHttpClient.builder())
                .overrideConfiguration(config ->
                        config.retryStrategy(AwsRetryStrategy.doNotRetry()).apiCallTimeout(Duration.ofSeconds(30)))
                .build();
        new DynamoDbSetup(client, table).provision().await().atMost(Duration.ofMinutes(1));
        ports = new TableContract.Ports(
                new DynamoDbStock(client, table, Samples.RETENTION),
                new DynamoDbReservations(client, table, Samples.RETENTION, InstantSource.system()),
                new DynamoDbProducts(client, table),
                new DynamoDbLayouts(client, table),
                new DynamoDbExpiries(client, table),
                new DynamoDbLedger(client, table),
                new DynamoDbAudits(client, table));
    }

    /** The table itself, for what no port does. */
    DynamoDbAsyncClient client() {
        return client;
    }

    String table() {
        return table;
    }

    TableContract.Ports ports() {
        return ports;
    }

    <T> CompletableFuture<T> begin(Sku sku, Uni<T> transaction) {
        wire.faults()
                .set(FaultRule.always(SLOW)
                        .on("TransactWriteItems")
                        .containing(sku.value())
                        .times(1));
        CompletableFuture<T> result = transaction.subscribeAsCompletionStage();
        await().until(() -> wire.faults().happened().containsKey("Latency"));
        return result;
    }

    void end() {
        wire.faults().clear();
    }
}
