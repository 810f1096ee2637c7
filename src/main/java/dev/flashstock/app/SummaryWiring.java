package dev.flashstock.app;

import dev.flashstock.dynamodb.DynamoDbConfig;
import dev.flashstock.dynamodb.DynamoDbStream;
import dev.flashstock.dynamodb.DynamoDbSummaries;
import dev.flashstock.dynamodb.StreamSetup;
import dev.flashstock.inventory.Counts;
import dev.flashstock.inventory.Follower;
import dev.flashstock.inventory.GatheredStockLevels;
import dev.flashstock.inventory.Pauses;
import dev.flashstock.inventory.StockLevels;
import dev.flashstock.inventory.StockTable;
import dev.flashstock.inventory.SummarizedStockLevels;
import dev.flashstock.inventory.SummaryTable;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbServiceClientConfiguration;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsAsyncClient;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsAsyncClientBuilder;

/** The summaries, put together. Nothing of it is made unless it is asked for. */
final class SummaryWiring {
    /** By how much processes' clocks may differ before a summary may be used that does not know of units that came. */
    private static final Duration CLOCKS_DIFFER = Duration.ofSeconds(5);

    private static final int CONNECTIONS = 16;

    /** Quarkus has no builder for it: it goes where the table's client goes, and asks as that does. */
    @Produces
    @Singleton
    DynamoDbStreamsAsyncClient streams(DynamoDbAsyncClient table, TotalsConfig config) {
        DynamoDbServiceClientConfiguration like = table.serviceClientConfiguration();
        ClientOverrideConfiguration.Builder patience = ClientOverrideConfiguration.builder();
        like.overrideConfiguration().apiCallTimeout().ifPresent(patience::apiCallTimeout);
        like.overrideConfiguration().apiCallAttemptTimeout().ifPresent(patience::apiCallAttemptTimeout);
        DynamoDbStreamsAsyncClientBuilder builder = DynamoDbStreamsAsyncClient.builder()
                .region(like.region())
                .credentialsProvider(like.credentialsProvider())
                .httpClientBuilder(NettyNioAsyncHttpClient.builder().maxConcurrency(CONNECTIONS))
                .overrideConfiguration(Wiring.fewRetries(patience.build()))
                .asyncConfiguration(Wiring::completeOnTheEventLoop);
        Optional<URI> endpoint = config.streamEndpoint().or(like::endpointOverride);
        endpoint.ifPresent(builder::endpointOverride);
        return builder.build();
    }

    void close(@Disposes DynamoDbStreamsAsyncClient client) {
        client.close();
    }

    @Produces
    @Singleton
    StreamSetup streamSetup(DynamoDbAsyncClient client, DynamoDbConfig config) {
        return new StreamSetup(client, config.table());
    }

    @Produces
    @Singleton
    SummaryTable summaries(DynamoDbAsyncClient client, DynamoDbConfig config, InstantSource clock) {
        return new DynamoDbSummaries(client, config.table(), clock);
    }

    @Produces
    @Singleton
    Counts counts(StockTable table, SummaryTable summaries, TotalsConfig config, InstantSource clock) {
        StockLevels shards = new GatheredStockLevels(table, clock);
        return switch (config.source()) {
            case SHARDS -> Counts.exact(shards);
            case SUMMARY ->
                new Counts(
                        new SummarizedStockLevels(summaries, table, config.maxBehind(), clock),
                        shards,
                        config.maxBehind().plus(CLOCKS_DIFFER));
        };
    }

    @Produces
    @Singleton
    Follower follower(
            SummaryTable summaries,
            DynamoDbAsyncClient client,
            DynamoDbStreamsAsyncClient streams,
            DynamoDbConfig config,
            InstantSource clock,
            MeterRegistry metrics) {
        Follower follower = new Follower(
                summaries,
                new DynamoDbStream(client, streams, config.table()),
                UUID.randomUUID().toString(),
                clock,
                System::nanoTime,
                Pauses.real(),
                new SummaryMetrics(metrics));
        SummaryMetrics.measure(follower, metrics);
        return follower;
    }
}
