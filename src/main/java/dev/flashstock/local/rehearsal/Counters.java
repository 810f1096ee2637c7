package dev.flashstock.local.rehearsal;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntFunction;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/**
 * Stock as the usual advice keeps it: an unconditional {@code ADD} for each request, on one key or on one of several with
 * a random suffix. In a provisioned table of its own, asked by a client whose retries are the SDK's own.
 */
public final class Counters implements AutoCloseable {
    /** The table's name. */
    public static final String TABLE = "flashstock-rehearsal";

    private static final int CONNECTIONS = 500;
    /** What a shopper has, as on flashstock's direct path: then the request failed, whatever becomes of it. */
    private static final Duration PATIENCE = Duration.ofSeconds(Storefront.WAIT_SECONDS);

    /** Far above what is ever asked of it: what is throttled, is throttled by its partitions. */
    private static final long PROVISIONED_UNITS = 40_000;

    private final DynamoDbAsyncClient client;

    /**
     * Connects.
     *
     * @param endpoint where DynamoDB listens
     */
    public Counters(URI endpoint) {
        this.client = DynamoDbAsyncClient.builder()
                .endpointOverride(endpoint)
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .httpClientBuilder(NettyNioAsyncHttpClient.builder()
                        .maxConcurrency(CONNECTIONS)
                        .connectionAcquisitionTimeout(PATIENCE))
                .overrideConfiguration(config -> config.apiCallTimeout(PATIENCE))
                .build();
    }

    /** Makes the table, unless it is there. */
    public CompletionStage<Void> prepare() {
        return client.createTable(create -> create.tableName(TABLE)
                        .attributeDefinitions(AttributeDefinition.builder()
                                .attributeName("PK")
                                .attributeType(ScalarAttributeType.S)
                                .build())
                        .keySchema(KeySchemaElement.builder()
                                .attributeName("PK")
                                .keyType(KeyType.HASH)
                                .build())
                        .provisionedThroughput(units ->
                                units.readCapacityUnits(PROVISIONED_UNITS).writeCapacityUnits(PROVISIONED_UNITS)))
                .handle((created, failure) -> {
                    if (failure != null && !(failure.getCause() instanceof ResourceInUseException)) {
                        throw new CompletionException(failure);
                    }
                    return null;
                });
    }

    /**
     * Asks for one unit.
     *
     * @param product what the keys begin with
     * @param suffixes over how many keys requests are spread
     */
    public IntFunction<CompletionStage<Answer>> shoppers(String product, int suffixes) {
        return shopper -> add(product + "#SHARD" + ThreadLocalRandom.current().nextInt(suffixes));
    }

    private CompletableFuture<Answer> add(String key) {
        return client.updateItem(update -> update.tableName(TABLE)
                        .key(Map.of("PK", AttributeValue.fromS(key)))
                        .updateExpression("ADD quantity :delta")
                        .expressionAttributeValues(Map.of(":delta", AttributeValue.fromN("-1"))))
                .thenApply(done -> Answer.Right.ACCEPTED);
    }

    /** The SDK's client, for other ways to use the same table. */
    public DynamoDbAsyncClient client() {
        return client;
    }

    @Override
    public void close() {
        client.close();
    }
}
