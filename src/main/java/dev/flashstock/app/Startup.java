package dev.flashstock.app;

import dev.flashstock.api.ReserveResource;
import dev.flashstock.api.StockResource;
import dev.flashstock.dynamodb.DaxCluster;
import dev.flashstock.dynamodb.DynamoDbConfig;
import dev.flashstock.dynamodb.DynamoDbSetup;
import dev.flashstock.dynamodb.StreamSetup;
import dev.flashstock.identity.ProviderKeys;
import dev.flashstock.inventory.Audits;
import dev.flashstock.inventory.Follower;
import dev.flashstock.inventory.LayoutKeeper;
import dev.flashstock.inventory.SoldOut;
import dev.flashstock.inventory.Sweeper;
import dev.flashstock.inventory.Views;
import dev.flashstock.redis.RedisHeat;
import dev.flashstock.redis.RedisPods;
import dev.flashstock.sqs.ReservationConsumer;
import dev.flashstock.sqs.SqsConfig;
import dev.flashstock.sqs.SqsSetup;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.jwt.auth.principal.JWTAuthContextInfo;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.interceptor.Interceptor;
import java.time.Duration;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;

/**
 * Begins and ends the process. What is missing is named in one line, with what to do about it, and the process does not
 * start without it.
 */
@ApplicationScoped
class Startup {
    private static final Logger LOG = Logger.getLogger(Startup.class);
    private static final String DYNAMODB = "quarkus.dynamodb";
    private static final String SQS = "quarkus.sqs";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration DRAIN = Duration.ofSeconds(30);

    private final SettingsCheck settings;
    private final JWTAuthContextInfo tokens;
    private final Instance<ProviderKeys> keys;
    private final Instance<DynamoDbSetup> table;
    private final Instance<StreamSetup> stream;
    private final Instance<SqsSetup> queue;
    private final Instance<RedisPods> pods;
    private final Instance<RedisHeat> heat;
    private final Instance<StockNews> news;
    private final Instance<SoldOut> soldOut;
    private final Instance<ReservationConsumer> consumer;
    private final Instance<Sweeper> sweeper;
    private final Instance<LayoutKeeper> layouts;
    private final Instance<Views> views;
    private final Instance<DaxCluster> dax;
    private final Instance<Follower> follower;
    private final HeatConfig heatConfig;
    private final DynamoDbConfig tableConfig;
    private final DaxConfig daxConfig;
    private final SqsConfig queueConfig;
    private final ExpiryConfig expiryConfig;
    private final TotalsConfig totalsConfig;
    private final boolean provision;
    private volatile boolean started;

    Startup(
            SettingsCheck settings,
            JWTAuthContextInfo tokens,
            Instance<ProviderKeys> keys,
            Instance<DynamoDbSetup> table,
            Instance<StreamSetup> stream,
            Instance<SqsSetup> queue,
            Instance<RedisPods> pods,
            Instance<RedisHeat> heat,
            Instance<StockNews> news,
            Instance<SoldOut> soldOut,
            Instance<ReservationConsumer> consumer,
            Instance<Sweeper> sweeper,
            Instance<LayoutKeeper> layouts,
            Instance<Views> views,
            Instance<DaxCluster> dax,
            Instance<Follower> follower,
            HeatConfig heatConfig,
            DynamoDbConfig tableConfig,
            DaxConfig daxConfig,
            SqsConfig queueConfig,
            ExpiryConfig expiryConfig,
            TotalsConfig totalsConfig,
            @ConfigProperty(name = "flashstock.provision", defaultValue = "false") boolean provision) {
        this.settings = settings;
        this.tokens = tokens;
        this.keys = keys;
        this.table = table;
        this.stream = stream;
        this.queue = queue;
        this.pods = pods;
        this.heat = heat;
        this.news = news;
        this.soldOut = soldOut;
        this.consumer = consumer;
        this.sweeper = sweeper;
        this.layouts = layouts;
        this.views = views;
        this.dax = dax;
        this.follower = follower;
        this.heatConfig = heatConfig;
        this.tableConfig = tableConfig;
        this.daxConfig = daxConfig;
        this.queueConfig = queueConfig;
        this.expiryConfig = expiryConfig;
        this.totalsConfig = totalsConfig;
        this.provision = provision;
    }

    void start(@Observes StartupEvent event) {
        settings.check();
        if (hasKeysAtAUrl()) {
            keys.get().start();
        }
        checkTable();
        checkQueue();
        pods.get().start().await().atMost(PATIENCE);
        if (heatConfig.enabled()) {
            heat.get().start();
        }
        news.get().start(soldOut.get());
        views.get().start();
        layouts.get().start();
        if (daxConfig.endpoint().isPresent()) {
            dax.get().start();
        }
        if (expiryConfig.enabled()) {
            sweeper.get().start();
        }
        if (followsTheStream()) {
            follower.get().start();
        }
        if (queueConfig.consumer().enabled()) {
            consumer.get().start();
        }
        started = true;
    }

    /** After the checks: what would only be made for the first request, so that its meters are there from the start. */
    void makeMeters(
            @Observes @Priority(Interceptor.Priority.LIBRARY_AFTER) StartupEvent event,
            ReserveResource reservations,
            StockResource stock,
            Audits audits) {}

    /**
     * What was received is finished before the process ends; what is not comes again to another one. What is due is the
     * same. Views that are only here are written. Only then are its shards the others'.
     */
    void stop(@Observes ShutdownEvent event) {
        if (started) {
            layouts.get().stop();
            if (hasKeysAtAUrl()) {
                keys.get().stop();
            }
            try {
                Uni.join()
                        .all(
                                consumer.get().stop(),
                                sweeper.get().stop(),
                                views.get().stop(),
                                stopFollowing())
                        .andCollectFailures()
                        .await()
                        .atMost(DRAIN);
            } finally {
                news.get().stop();
                heat.get().stop().await().atMost(PATIENCE);
                pods.get().stop().await().atMost(PATIENCE);
            }
        }
    }

    private Uni<Void> stopFollowing() {
        return followsTheStream() ? follower.get().stop() : Uni.createFrom().voidItem();
    }

    private boolean hasKeysAtAUrl() {
        return tokens.getPublicKeyLocation() != null;
    }

    private boolean followsTheStream() {
        return totalsConfig.source() == TotalsConfig.Source.SUMMARY;
    }

    boolean started() {
        return started;
    }

    private void checkTable() {
        String what = "The DynamoDB table '" + tableConfig.table() + "'";
        if (provision) {
            must(what + " cannot be made", DYNAMODB, () -> table.get().provision());
        }
        must(what + " cannot be used", DYNAMODB, () -> table.get().check());
        if (followsTheStream()) {
            if (provision) {
                must(
                        "The stream of the DynamoDB table '" + tableConfig.table() + "' cannot be switched on",
                        DYNAMODB,
                        () -> stream.get().provision());
            }
            must(what + " cannot be followed", DYNAMODB, () -> stream.get().check());
        }
    }

    private void checkQueue() {
        String what = "The SQS queue '" + queueConfig.queue() + "'";
        if (provision) {
            must(what + " cannot be made", SQS, () -> queue.get().provision());
        }
        must(what + " cannot be used", SQS, () -> queue.get().check());
    }

    private static void must(String otherwise, String settings, Supplier<Uni<Void>> step) {
        try {
            step.get().await().atMost(PATIENCE);
        } catch (RuntimeException e) {
            LOG.debug(otherwise, e);
            throw new ConfigurationException(otherwise + ": " + reason(e, settings));
        }
    }

    /** In one line; what the SDK says of regions and credentials fills a page. */
    private static String reason(Throwable failure, String settings) {
        String said = "";
        for (Throwable e = failure; e != null; e = e.getCause()) {
            if (e instanceof ResourceNotFoundException || e instanceof QueueDoesNotExistException) {
                return "it does not exist. Create it, or start once with flashstock.provision=true.";
            }
            said = String.valueOf(e.getMessage());
            if (e instanceof IllegalStateException) { // the setup's own word
                return said;
            }
        }
        if (said.contains("Unable to load region")) {
            return "no AWS region is known. Set AWS_REGION or " + settings + ".aws.region.";
        }
        if (said.contains("Unable to load credentials")) {
            return "no AWS credentials are found. Give the process a role, set AWS_ACCESS_KEY_ID and"
                    + " AWS_SECRET_ACCESS_KEY, or see " + settings + ".aws.credentials.";
        }
        return said + ". Check the settings " + settings + ".* and whether the network lets this process through.";
    }
}
