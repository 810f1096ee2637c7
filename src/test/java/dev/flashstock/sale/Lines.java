package dev.flashstock.sale;

import dev.flashstock.local.faults.FaultRule;
import dev.flashstock.local.faults.Faults;
import dev.flashstock.local.faults.Gate;
import dev.flashstock.local.faults.HttpBackend;
import dev.flashstock.local.faults.HttpWire;
import dev.flashstock.local.faults.RedisWire;
import dev.flashstock.local.faults.Wire;
import io.quarkus.redis.datasource.ReactiveRedisDataSource;
import io.quarkus.redis.runtime.datasource.ReactiveRedisDataSourceImpl;
import io.vertx.mutiny.core.Vertx;
import io.vertx.mutiny.redis.client.Redis;
import io.vertx.mutiny.redis.client.RedisAPI;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsAsyncClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/** One pod's wires to the backends, and its clients at their near ends. */
final class Lines implements AutoCloseable {
    /** As patient as flashstock is in production. */
    static final Duration PRODUCTION = Duration.ofSeconds(1);

    /** One for all clients; closing it takes its time. Each address has a pool of its own. */
    private static final SdkAsyncHttpClient HTTP = NettyNioAsyncHttpClient.builder()
            .maxConcurrency(200)
            .connectionAcquisitionTimeout(Duration.ofSeconds(5))
            .readTimeout(Duration.ofSeconds(25))
            .build();

    private final Wire toTable;
    private final Wire toQueue;
    private final Wire toRedis;
    private final DynamoDbAsyncClient dynamoDb;
    private final SqsAsyncClient sqs;
    private final Redis redisClient;
    private final ReactiveRedisDataSource redis;

    /**
     * Puts wires up, on which nothing goes wrong yet.
     *
     * @param ends where they lead to
     * @param patience how long a call's first try may take
     * @param seed what the chance of their faults begins with
     */
    Lines(Vertx vertx, Ends ends, Duration patience, long seed) {
        io.vertx.core.Vertx loop = vertx.getDelegate();
        toTable = new HttpWire(loop, new HttpBackend(loop, ends.dynamoDb()), new Faults(seed), Gate.OPEN);
        toQueue = new HttpWire(loop, new HttpBackend(loop, ends.sqs()), new Faults(seed + 1), Gate.OPEN);
        toRedis = new RedisWire(loop, ends.redis(), new Faults(seed + 2));
        dynamoDb = client(DynamoDbAsyncClient.builder(), toTable.address(), patience, patience.multipliedBy(3));
        sqs = client(SqsAsyncClient.builder(), toQueue.address(), patience, patience.multipliedBy(3));
        redisClient = Redis.createClient(vertx, toRedis.address().toString());
        redis = new ReactiveRedisDataSourceImpl(vertx, redisClient, RedisAPI.api(redisClient));
    }

    /**
     * Where wires lead to.
     *
     * @param dynamoDb DynamoDB Local, or what stands before it
     * @param sqs ElasticMQ
     * @param redis a redis-server, with the number of a database
     */
    record Ends(URI dynamoDb, URI sqs, URI redis) {}

    /** For a test that looks on. */
    static <B extends AwsClientBuilder<B, C> & AwsAsyncClientBuilder<B, C>, C> C patient(
            B builder, URI address, ExecutionInterceptor... interceptors) {
        return client(builder, address, Duration.ofSeconds(30), Duration.ofSeconds(60), interceptors);
    }

    private static <B extends AwsClientBuilder<B, C> & AwsAsyncClientBuilder<B, C>, C> C client(
            B builder, URI address, Duration attempt, Duration call, ExecutionInterceptor... interceptors) {
        return builder.httpClient(HTTP)
                .endpointOverride(address)
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .overrideConfiguration(config -> config.retryStrategy(AwsRetryStrategy.standardRetryStrategy())
                        .apiCallAttemptTimeout(attempt)
                        .apiCallTimeout(call)
                        .executionInterceptors(List.of(interceptors)))
                .build();
    }

    DynamoDbAsyncClient dynamoDb() {
        return dynamoDb;
    }

    SqsAsyncClient sqs() {
        return sqs;
    }

    ReactiveRedisDataSource redis() {
        return redis;
    }

    void faults(List<FaultRule> ofTable, List<FaultRule> ofQueue, List<FaultRule> ofRedis) {
        toTable.faults().set(ofTable);
        toQueue.faults().set(ofQueue);
        toRedis.faults().set(ofRedis);
    }

    /** How often each kind of fault has happened, by its name. */
    Map<String, Long> happened() {
        Map<String, Long> all = new TreeMap<>();
        List.of(toTable, toQueue, toRedis)
                .forEach(
                        wire -> wire.faults().happened().forEach((fault, times) -> all.merge(fault, times, Long::sum)));
        return all;
    }

    void cut() {
        toTable.cut();
        toQueue.cut();
        toRedis.cut();
    }

    @Override
    public void close() {
        dynamoDb.close();
        sqs.close();
        redisClient.close();
        toTable.close();
        toQueue.close();
        toRedis.close();
    }
}
