package dev.flashstock.local.partitions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flashstock.local.Backend;
import dev.flashstock.local.LocalBackends;
import dev.flashstock.local.faults.Wire;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.function.Executable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughput;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/** A proxy of its own for each test, in front of the shared DynamoDB Local, with two tables of its own. */
abstract class ProxyFixture {
    static final String INDEX = "ByColour";

    private static final ProvisionedThroughput PROVISIONED = ProvisionedThroughput.builder()
            .readCapacityUnits(10L)
            .writeCapacityUnits(10L)
            .build();
    private static final Vertx VERTX = Wire.eventLoop();
    /** One for all: closing it takes its time. */
    private static final SdkAsyncHttpClient HTTP = NettyNioAsyncHttpClient.create();

    final String provisioned = "provisioned-" + UUID.randomUUID();
    final String onDemand = "on-demand-" + UUID.randomUUID();
    PartitionProxy proxy;
    DynamoDbAsyncClient client;

    @BeforeEach
    void start() {
        URI server = LocalBackends.server(Backend.DYNAMODB);
        proxy = new PartitionProxy(VERTX, server, 1);
        client = DynamoDbAsyncClient.builder()
                .endpointOverride(proxy.address())
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .httpClient(HTTP)
                .overrideConfiguration(config ->
                        config.retryStrategy(AwsRetryStrategy.doNotRetry()).apiCallTimeout(Duration.ofSeconds(30)))
                .build();
        create(provisioned, BillingMode.PROVISIONED);
        create(onDemand, BillingMode.PAY_PER_REQUEST);
    }

    @AfterEach
    void stop() {
        client.close();
        proxy.close();
    }

    private void create(String table, BillingMode mode) {
        ProvisionedThroughput throughput = mode == BillingMode.PROVISIONED ? PROVISIONED : null;
        client.createTable(create -> create.tableName(table)
                        .billingMode(mode)
                        .provisionedThroughput(throughput)
                        .attributeDefinitions(attribute("PK"), attribute("SK"), attribute("colour"))
                        .keySchema(element("PK", KeyType.HASH), element("SK", KeyType.RANGE))
                        .globalSecondaryIndexes(GlobalSecondaryIndex.builder()
                                .indexName(INDEX)
                                .keySchema(element("colour", KeyType.HASH))
                                .projection(projection -> projection.projectionType(ProjectionType.ALL))
                                .provisionedThroughput(throughput)
                                .build()))
                .join();
    }

    private static AttributeDefinition attribute(String name) {
        return AttributeDefinition.builder()
                .attributeName(name)
                .attributeType(ScalarAttributeType.S)
                .build();
    }

    private static KeySchemaElement element(String name, KeyType type) {
        return KeySchemaElement.builder().attributeName(name).keyType(type).build();
    }

    static Map<String, AttributeValue> key(String key) {
        return Map.of("PK", AttributeValue.fromS(key), "SK", AttributeValue.fromS("1"));
    }

    static Map<String, AttributeValue> item(String key, int bytesOfText) {
        return Map.of(
                "PK", AttributeValue.fromS(key),
                "SK", AttributeValue.fromS("1"),
                "text", AttributeValue.fromS("x".repeat(bytesOfText)));
    }

    void put(String table, String key, int bytesOfText) {
        client.putItem(put -> put.tableName(table).item(item(key, bytesOfText))).join();
    }

    UpdateItemResponse add(String table, String key) {
        return client.updateItem(update -> update.tableName(table)
                        .key(key(key))
                        .updateExpression("ADD quantity :one")
                        .expressionAttributeValues(Map.of(":one", AttributeValue.fromN("1"))))
                .join();
    }

    long quantity(String table, String key) {
        var item = client.getItem(get -> get.tableName(table).key(key(key)).consistentRead(true))
                .join();
        return item.hasItem() ? Long.parseLong(item.item().get("quantity").n()) : 0;
    }

    static TransactWriteItem addIn(String table, String key) {
        return TransactWriteItem.builder()
                .update(update -> update.tableName(table)
                        .key(key(key))
                        .updateExpression("ADD quantity :one")
                        .expressionAttributeValues(Map.of(":one", AttributeValue.fromN("1"))))
                .build();
    }

    Throughput throughput(String table) {
        Throughput throughput = proxy.partitions().throughput(table);
        if (throughput == null) {
            throw new IllegalStateException(table + " has no limits");
        }
        return throughput;
    }

    /** What a call fails with, out of its CompletionException. */
    static <T extends Throwable> T refused(Class<T> type, Executable call) {
        try {
            call.execute();
        } catch (Throwable e) {
            assertThat(e.getCause()).isInstanceOf(type);
            return type.cast(e.getCause());
        }
        throw new AssertionError("Not refused");
    }
}
