package dev.flashstock.app;

import dev.flashstock.dynamodb.DynamoDbConfig;
import dev.flashstock.dynamodb.HeatInterceptor;
import dev.flashstock.dynamodb.TellingRetries;
import dev.flashstock.dynamodb.TraceInterceptor;
import dev.flashstock.heat.Heat;
import dev.flashstock.heat.RecentThrottles;
import dev.flashstock.heat.TableName;
import dev.flashstock.heat.Throttle;
import dev.flashstock.inventory.Pauses;
import dev.flashstock.inventory.Retries;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientAsyncConfiguration;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClientBuilder;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.SqsAsyncClientBuilder;

/** What all wiring shares: the clock, the backends' clients, patience and chance. */
final class Wiring {
    static final RetryStrategy FEW_RETRIES = AwsRetryStrategy.standardRetryStrategy();
    static final Retries RETRIES = new Retries(Wiring::random, Pauses.real());

    /** To the millisecond, which is what the table keeps. */
    @Produces
    @Singleton
    InstantSource clock() {
        return Clock.tickMillis(ZoneOffset.UTC);
    }

    // The backends' clients: the SDK tries a few times, patience is flashstock's own (Retries, the queue).

    @Produces
    @Singleton
    DynamoDbAsyncClient dynamoDb(
            DynamoDbAsyncClientBuilder builder,
            DynamoDbConfig config,
            Heat heat,
            HeatConfig heatConfig,
            TableName own,
            RecentThrottles recent,
            TraceWiring.Recorder traces,
            MeterRegistry metrics) {
        ThrottleMetrics counted = new ThrottleMetrics(own, metrics);
        RetryStrategy retries = new TellingRetries(FEW_RETRIES, throttle -> {
            Throttle named = throttle.orOf(own);
            counted.add(named);
            recent.add(named);
            if (heatConfig.enabled()) {
                heat.throttled(throttle);
            }
        });
        ClientOverrideConfiguration.Builder overrides =
                builder.overrideConfiguration().toBuilder().retryStrategy(retries);
        if (heatConfig.enabled()) {
            overrides.addExecutionInterceptor(new HeatInterceptor(heat, config.table()));
        }
        traces.tracer().ifPresent(it -> overrides.addExecutionInterceptor(new TraceInterceptor(it, config.table())));
        return builder.overrideConfiguration(overrides.build())
                .asyncConfiguration(Wiring::completeOnTheEventLoop)
                .build();
    }

    @Produces
    @Singleton
    SqsAsyncClient sqs(SqsAsyncClientBuilder builder) {
        return builder.overrideConfiguration(fewRetries(builder.overrideConfiguration()))
                .asyncConfiguration(Wiring::completeOnTheEventLoop)
                .build();
    }

    void close(@Disposes DynamoDbAsyncClient client) {
        client.close();
    }

    void close(@Disposes SqsAsyncClient client) {
        client.close();
    }

    /**
     * An answer goes on where it came in: nothing that waits for one blocks. Else each call takes a hop to a worker thread,
     * and its HTTP request another one back.
     */
    static void completeOnTheEventLoop(ClientAsyncConfiguration.Builder configuration) {
        configuration.advancedOption(SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run);
    }

    static ClientOverrideConfiguration fewRetries(ClientOverrideConfiguration configuration) {
        return configuration.toBuilder().retryStrategy(FEW_RETRIES).build();
    }

    /** Of a backend that is a help and not a need. */
    static <T> void measureAway(String backend, T it, Predicate<T> isAway, MeterRegistry metrics) {
        Gauge.builder("flashstock.backend.away", it, asked -> isAway.test(asked) ? 1 : 0)
                .description("1 if a backend that can be done without did not answer when it was asked last, else 0")
                .tag("backend", backend)
                .register(metrics);
    }

    // Patience and chance

    static double chance() {
        return ThreadLocalRandom.current().nextDouble();
    }

    static int random(int bound) {
        return ThreadLocalRandom.current().nextInt(bound);
    }
}
