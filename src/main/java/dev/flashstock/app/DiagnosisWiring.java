package dev.flashstock.app;

import dev.flashstock.cloudwatch.CloudWatchConfig;
import dev.flashstock.cloudwatch.CloudWatchMeter;
import dev.flashstock.dynamodb.DynamoDbConfig;
import dev.flashstock.dynamodb.DynamoDbTables;
import dev.flashstock.heat.RecentThrottles;
import dev.flashstock.heat.TableName;
import dev.flashstock.inventory.GatheredStockLevels;
import dev.flashstock.inventory.Preflight;
import dev.flashstock.inventory.ProductTable;
import dev.flashstock.inventory.StockTable;
import dev.flashstock.inventory.TableDiagnoses;
import dev.flashstock.inventory.TableFixes;
import dev.flashstock.inventory.TableMeter;
import dev.flashstock.inventory.Tables;
import dev.flashstock.redis.BoundedRedis;
import dev.flashstock.sqs.SqsSetup;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.services.cloudwatch.CloudWatchAsyncClient;
import software.amazon.awssdk.services.cloudwatch.CloudWatchAsyncClientBuilder;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbServiceClientConfiguration;

/** What is told of tables, and what is done about them, put together. */
final class DiagnosisWiring {
    private static final int CONNECTIONS = 8;
    private static final Duration ATTEMPT = Duration.ofSeconds(3);
    private static final Duration CALL = Duration.ofSeconds(8);

    @Produces
    @Singleton
    TableName table(DynamoDbConfig config) {
        return new TableName(config.table().substring(config.table().lastIndexOf('/') + 1)); // of an ARN, the name
    }

    @Produces
    @Singleton
    RecentThrottles recentThrottles(TableName table, InstantSource clock) {
        return new RecentThrottles(table, clock);
    }

    @Produces
    @Singleton
    Tables tables(DynamoDbAsyncClient client) {
        return new DynamoDbTables(client);
    }

    /** Got only where CloudWatch is asked. There is no extension for it: region and credentials are DynamoDB's. */
    @Produces
    @Singleton
    CloudWatchAsyncClient cloudWatch(CloudWatchConfig config, DynamoDbAsyncClient client) {
        DynamoDbServiceClientConfiguration dynamoDb = client.serviceClientConfiguration();
        CloudWatchAsyncClientBuilder builder = CloudWatchAsyncClient.builder()
                .region(dynamoDb.region())
                .credentialsProvider(dynamoDb.credentialsProvider())
                .httpClientBuilder(NettyNioAsyncHttpClient.builder().maxConcurrency(CONNECTIONS))
                .overrideConfiguration(it -> it.retryStrategy(Wiring.FEW_RETRIES)
                        .apiCallAttemptTimeout(ATTEMPT)
                        .apiCallTimeout(CALL))
                .asyncConfiguration(Wiring::completeOnTheEventLoop);
        config.endpoint().ifPresent(builder::endpointOverride);
        return builder.build();
    }

    void close(@Disposes CloudWatchAsyncClient client) {
        client.close();
    }

    @Produces
    @Singleton
    TableDiagnoses tableDiagnoses(
            Tables tables,
            Instance<CloudWatchAsyncClient> cloudWatch,
            CloudWatchConfig config,
            RecentThrottles throttles,
            InstantSource clock) {
        Optional<TableMeter> meter =
                config.enabled() ? Optional.of(new CloudWatchMeter(cloudWatch.get(), clock)) : Optional.empty();
        return new TableDiagnoses(tables, meter, throttles);
    }

    @Produces
    @Singleton
    TableFixes tableFixes(Tables tables) {
        return new TableFixes(tables);
    }

    @Produces
    @Singleton
    Preflight preflight(
            ProductTable products,
            StockTable stock,
            Tables tables,
            TableName table,
            SqsSetup queue,
            BoundedRedis redis,
            ExpiryConfig expiry,
            InstantSource clock) {
        Preflight.Backends backends =
                new Preflight.Backends(tables, table, queue::isFifo, redis::ping, expiry.enabled());
        return new Preflight(products, new GatheredStockLevels(stock, clock), backends, clock);
    }
}
