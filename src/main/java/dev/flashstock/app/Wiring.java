package dev.flashstock.app;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.flashstock.api.CountersConfig;
import dev.flashstock.api.ReservationsConfig;
import dev.flashstock.dynamodb.DaxCluster;
import dev.flashstock.dynamodb.DaxListings;
import dev.flashstock.dynamodb.DynamoDbAudits;
import dev.flashstock.dynamodb.DynamoDbConfig;
import dev.flashstock.dynamodb.DynamoDbCounters;
import dev.flashstock.dynamodb.DynamoDbExpiries;
import dev.flashstock.dynamodb.DynamoDbLedger;
import dev.flashstock.dynamodb.DynamoDbProducts;
import dev.flashstock.dynamodb.DynamoDbReservations;
import dev.flashstock.dynamodb.DynamoDbSetup;
import dev.flashstock.dynamodb.DynamoDbStock;
import dev.flashstock.dynamodb.Retention;
import dev.flashstock.inventory.AuditTable;
import dev.flashstock.inventory.Audits;
import dev.flashstock.inventory.Catalogue;
import dev.flashstock.inventory.CounterTable;
import dev.flashstock.inventory.Counts;
import dev.flashstock.inventory.Expirations;
import dev.flashstock.inventory.ExpiryTable;
import dev.flashstock.inventory.Freshness;
import dev.flashstock.inventory.GatheredStockLevels;
import dev.flashstock.inventory.GroupCommits;
import dev.flashstock.inventory.Holds;
import dev.flashstock.inventory.Ledger;
import dev.flashstock.inventory.LedgerTable;
import dev.flashstock.inventory.Likes;
import dev.flashstock.inventory.Listings;
import dev.flashstock.inventory.LiveReservations;
import dev.flashstock.inventory.LiveStock;
import dev.flashstock.inventory.Looks;
import dev.flashstock.inventory.Neighbours;
import dev.flashstock.inventory.Pauses;
import dev.flashstock.inventory.PodStockLevels;
import dev.flashstock.inventory.Pods;
import dev.flashstock.inventory.ProductTable;
import dev.flashstock.inventory.QueuedRequests;
import dev.flashstock.inventory.RememberedListings;
import dev.flashstock.inventory.Repairs;
import dev.flashstock.inventory.ReservationDesk;
import dev.flashstock.inventory.ReservationIds;
import dev.flashstock.inventory.ReservationQueue;
import dev.flashstock.inventory.ReservationTable;
import dev.flashstock.inventory.Reservations;
import dev.flashstock.inventory.Retries;
import dev.flashstock.inventory.SoldOut;
import dev.flashstock.inventory.SoldOutWatch;
import dev.flashstock.inventory.Stock;
import dev.flashstock.inventory.StockLevels;
import dev.flashstock.inventory.StockTable;
import dev.flashstock.inventory.Sweeper;
import dev.flashstock.inventory.ToldStock;
import dev.flashstock.inventory.Totals;
import dev.flashstock.inventory.Views;
import dev.flashstock.redis.BoundedRedis;
import dev.flashstock.redis.RedisConfig;
import dev.flashstock.redis.RedisNews;
import dev.flashstock.redis.RedisPods;
import dev.flashstock.redis.RedisStockLevels;
import dev.flashstock.sharding.ShardChoice;
import dev.flashstock.sqs.ReservationConsumer;
import dev.flashstock.sqs.SqsConfig;
import dev.flashstock.sqs.SqsReservationQueue;
import dev.flashstock.sqs.SqsSetup;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.redis.datasource.ReactiveRedisDataSource;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;
import software.amazon.awssdk.auth.credentials.CredentialUtils;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientAsyncConfiguration;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClientBuilder;
import software.amazon.awssdk.services.dynamodb.DynamoDbServiceClientConfiguration;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.SqsAsyncClientBuilder;

/** The whole application, put together. */
final class Wiring {
    private static final Logger LOG = Logger.getLogger(Wiring.class);
    private static final Retries RETRIES = new Retries(Wiring::random, Pauses.real());

    /** To the millisecond, which is what the table keeps. */
    @Produces
    @Singleton
    InstantSource clock() {
        return Clock.tickMillis(ZoneOffset.UTC);
    }

    // The backends' clients: the SDK tries a few times, patience is flashstock's own (Retries, the queue).

    @Produces
    @Singleton
    DynamoDbAsyncClient dynamoDb(DynamoDbAsyncClientBuilder builder) {
        return builder.overrideConfiguration(fewRetries(builder.overrideConfiguration()))
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
        return configuration.toBuilder()
                .retryStrategy(AwsRetryStrategy.standardRetryStrategy())
                .build();
    }

    // The table

    @Produces
    @Singleton
    DynamoDbSetup tableSetup(DynamoDbAsyncClient client, DynamoDbConfig config) {
        return new DynamoDbSetup(client, config.table());
    }

    @Produces
    @Singleton
    ProductTable products(DynamoDbAsyncClient client, DynamoDbConfig config) {
        return new DynamoDbProducts(client, config.table());
    }

    @Produces
    @Singleton
    StockTable stockTable(
            DynamoDbAsyncClient client, DynamoDbConfig config, MeterRegistry metrics, InstantSource clock) {
        StockTable table = new DynamoDbStock(client, config.table(), new Retention(config.retention()));
        return new CountedStock(table, metrics, clock);
    }

    @Produces
    @Singleton
    ReservationTable reservationTable(DynamoDbAsyncClient client, DynamoDbConfig config, InstantSource clock) {
        return new DynamoDbReservations(client, config.table(), new Retention(config.retention()), clock);
    }

    @Produces
    @Singleton
    ExpiryTable expiryTable(DynamoDbAsyncClient client, DynamoDbConfig config) {
        return new DynamoDbExpiries(client, config.table());
    }

    @Produces
    @Singleton
    LedgerTable ledgerTable(DynamoDbAsyncClient client, DynamoDbConfig config) {
        return new DynamoDbLedger(client, config.table());
    }

    // The catalogue

    @Produces
    @Singleton
    RememberedListings rememberedListings(ProductTable products, InventoryConfig config) {
        return new RememberedListings(products, config.listingTtl());
    }

    @Produces
    @Singleton
    Catalogue catalogue(
            ProductTable products,
            Audits audits,
            RememberedListings remembered,
            Instance<DaxCluster> dax,
            DaxConfig daxConfig,
            DynamoDbConfig config,
            InventoryConfig inventoryConfig) {
        Listings shown = daxConfig.endpoint().isEmpty()
                ? remembered
                : new RememberedListings(
                        new DaxListings(dax.get(), config.table(), products, daxConfig.timeout()),
                        inventoryConfig.listingTtl());
        return new Catalogue(products, audits::held, remembered, shown, RETRIES);
    }

    /** Got only where an endpoint is set: its client is not even loaded elsewhere. */
    @Produces
    @Singleton
    DaxCluster dax(DaxConfig config, DynamoDbAsyncClient client) {
        DynamoDbServiceClientConfiguration dynamoDb = client.serviceClientConfiguration();
        return new DaxCluster(
                DaxCluster.endpoint(config.endpoint().orElseThrow()),
                config.timeout(),
                dynamoDb.region(),
                CredentialUtils.toCredentialsProvider(dynamoDb.credentialsProvider()));
    }

    void close(@Disposes DaxCluster dax) {
        dax.close();
    }

    // Reading stock: this process's memory -> Redis -> shards, or summaries (SummaryWiring).
    // Redis is got when it is needed: Quarkus would refuse to start without its address before Startup can say why.

    @Produces
    @Singleton
    Freshness freshness(StockConfig config) {
        return new Freshness(config.podTtl(), config.ttl(), config.stale());
    }

    @Produces
    @Singleton
    BoundedRedis boundedRedis(Instance<ReactiveRedisDataSource> redis, RedisConfig config) {
        return new BoundedRedis(redis.get(), config.timeout());
    }

    @Produces
    @Singleton
    @Typed({RedisStockLevels.class, Totals.class})
    RedisStockLevels remembered(
            BoundedRedis redis, Counts counts, RedisConfig config, Freshness freshness, InstantSource clock) {
        return new RedisStockLevels(redis, config, freshness, counts, clock, Pauses.real(), Wiring::chance);
    }

    @Produces
    @Singleton
    PodStockLevels levels(RedisStockLevels remembered, Freshness freshness) {
        return new PodStockLevels(remembered, freshness);
    }

    @Produces
    @Singleton
    Stock stock(
            RememberedListings remembered,
            ProductTable products,
            StockTable table,
            ReservationTable reservations,
            GroupCommits commits,
            PodStockLevels levels,
            SoldOut soldOut,
            InstantSource clock) {
        StockLevels exact = new GatheredStockLevels(table, clock);
        return new Stock(remembered, products, table, reservations, commits, levels, exact, soldOut, RETRIES);
    }

    @Produces
    @Singleton
    LiveStock liveStock(RememberedListings remembered, PodStockLevels levels) {
        return new LiveStock(remembered, levels, Pauses.real());
    }

    // The pods that share a SKU's shards

    @Produces
    @Singleton
    RedisPods pods(Instance<ReactiveRedisDataSource> redis, RedisConfig config, MeterRegistry metrics) {
        RedisPods pods = new RedisPods(redis.get(), config, UUID.randomUUID().toString());
        metrics.gauge("flashstock.pods", pods, it -> it.living().size());
        return pods;
    }

    @Produces
    @Singleton
    Neighbours neighbours(Pods pods, InventoryConfig config) {
        return new Neighbours(pods, config.shardChoice() == InventoryConfig.Choice.OWNED);
    }

    // Reserving: waiting -> table; not waiting -> queue -> table

    @Produces
    @Singleton
    RedisNews redisNews(Instance<ReactiveRedisDataSource> redis, BoundedRedis commands, RedisConfig config, Pods pods) {
        return new RedisNews(redis.get(), commands, config, pods.self());
    }

    @Produces
    @Singleton
    @Typed(StockNews.class)
    StockNews news(RedisNews others, PodStockLevels levels, LiveStock live) {
        return new StockNews(others, levels, live);
    }

    @Produces
    @Singleton
    SoldOut soldOut(StockNews news) {
        return new SoldOut(Ticker.systemTicker(), news);
    }

    @Produces
    @Singleton
    Looks looks(StockTable table, ProductTable products) {
        return new Looks(table, products, Ticker.systemTicker());
    }

    @Produces
    @Singleton
    SoldOutWatch soldOutWatch(
            RememberedListings listings, RedisStockLevels levels, Looks looks, SoldOut soldOut, StockNews news) {
        return new SoldOutWatch(listings, levels, looks, soldOut, news);
    }

    @Produces
    @Singleton
    GroupCommits groupCommits(
            StockTable table,
            Totals totals,
            PodStockLevels levels,
            SoldOutWatch watch,
            Neighbours neighbours,
            InstantSource clock,
            MeterRegistry metrics) {
        StockTable told = new ToldStock(
                table,
                totals,
                sku -> inTheBackground(watch.suspect(sku)),
                sku -> inTheBackground(watch.count(sku)),
                sku -> inTheBackground(levels.forget(sku)));
        GroupCommits commits = new GroupCommits(
                told, () -> UUID.randomUUID().toString(), clock, neighbours, Pauses.real(), Wiring::random);
        metrics.gauge("flashstock.group.waiting", commits, GroupCommits::waiting);
        return commits;
    }

    @Produces
    @Singleton
    Holds holds(
            Looks looks,
            ReservationTable reservations,
            GroupCommits commits,
            SoldOut soldOut,
            Neighbours neighbours,
            InventoryConfig config) {
        ShardChoice choice = switch (config.shardChoice()) {
            case OWNED -> ShardChoice.owned(neighbours::own, Wiring::random);
            case RANDOM -> ShardChoice.random(Wiring::random);
            case HASH -> ShardChoice.hash();
        };
        return new Holds(looks, reservations, commits, choice, soldOut, RETRIES, Wiring::random);
    }

    @Produces
    @Singleton
    ReservationDesk desk(
            RememberedListings listings,
            ReservationTable reservations,
            Holds holds,
            ReservationQueue queue,
            SoldOut soldOut,
            SoldOutWatch watch) {
        return new ReservationDesk(listings, reservations, holds, queue, soldOut, watch, Pauses.real());
    }

    @Produces
    @Singleton
    Reservations reservations(
            ReservationTable reservations,
            RememberedListings listings,
            GroupCommits commits,
            SoldOut soldOut,
            InstantSource clock) {
        return new Reservations(reservations, listings, commits, soldOut, RETRIES, clock);
    }

    @Produces
    @Singleton
    LiveReservations liveReservations(Reservations reservations) {
        return new LiveReservations(reservations::find, Pauses.real());
    }

    @Produces
    @Singleton
    ReservationIds ids(ReservationsConfig config) {
        return new ReservationIds(config.idSecrets().orElse(List.of()));
    }

    // Views and likes

    @Produces
    @Singleton
    CounterTable counterTable(DynamoDbAsyncClient client, DynamoDbConfig config) {
        return new DynamoDbCounters(client, config.table());
    }

    @Produces
    @Singleton
    Views views(
            RememberedListings listings,
            CounterTable table,
            CountersConfig config,
            InstantSource clock,
            MeterRegistry metrics) {
        return new Views(
                listings,
                table,
                config.flush(),
                config.ttl(),
                clock,
                Pauses.real(),
                Wiring::random,
                new ViewFailures(metrics));
    }

    @Produces
    @Singleton
    Likes likes(RememberedListings listings, CounterTable table, CountersConfig config, InstantSource clock) {
        return new Likes(listings, table, RETRIES, Wiring::random, config.ttl(), clock);
    }

    // What is due comes back

    @Produces
    @Singleton
    Expirations expirations(
            ExpiryTable expiries,
            LedgerTable ledger,
            ReservationTable reservations,
            GroupCommits commits,
            SoldOut soldOut,
            InstantSource clock) {
        return new Expirations(expiries, ledger, reservations, commits, soldOut, clock);
    }

    @Produces
    @Singleton
    Sweeper sweeper(
            ExpiryTable expiries,
            Expirations expirations,
            RememberedListings listings,
            Neighbours neighbours,
            Pods pods,
            ExpiryConfig config,
            InstantSource clock,
            MeterRegistry metrics) {
        return new Sweeper(
                expiries,
                expirations,
                listings,
                neighbours,
                pods,
                new Sweeper.Setting(config.interval(), config.lookBack()),
                clock,
                Pauses.real(),
                Wiring::random,
                new SweepFailures(metrics));
    }

    // The books

    @Produces
    @Singleton
    Ledger ledger(RememberedListings listings, LedgerTable table) {
        return new Ledger(listings, table);
    }

    @Produces
    @Singleton
    AuditTable auditTable(DynamoDbAsyncClient client, DynamoDbConfig config) {
        return new DynamoDbAudits(client, config.table());
    }

    @Produces
    @Singleton
    Audits audits(
            ProductTable products,
            AuditTable table,
            StockTable stock,
            LedgerTable ledger,
            ReservationTable reservations,
            InstantSource clock) {
        return new Audits(
                products,
                table,
                new Audits.Source(stock, ledger, reservations, Pauses.real(), clock),
                RETRIES,
                () -> UUID.randomUUID().toString(),
                failure -> LOG.error("An audit failed", failure));
    }

    @Produces
    @Singleton
    Repairs repairs(
            ProductTable products,
            AuditTable table,
            Audits audits,
            StockTable stock,
            GroupCommits commits,
            StockLevels levels,
            SoldOut soldOut,
            InstantSource clock) {
        return new Repairs(products, table, audits, stock, commits, levels, soldOut, RETRIES, clock);
    }

    // The queue

    @Produces
    @Singleton
    SqsSetup queueSetup(SqsAsyncClient client, SqsConfig config) {
        return new SqsSetup(client, config);
    }

    @Produces
    @Singleton
    ReservationQueue queue(SqsAsyncClient client, SqsConfig config, MeterRegistry metrics) {
        return new SqsReservationQueue(client, config, metrics.summary("flashstock.queue.message.requests")::record);
    }

    @Produces
    @Singleton
    ReservationConsumer consumer(
            SqsAsyncClient client,
            SqsConfig config,
            RememberedListings listings,
            ProductTable products,
            ReservationTable reservations,
            Holds holds,
            DynamoDbSetup table,
            InstantSource clock,
            MeterRegistry metrics) {
        QueuedRequests queued = new QueuedRequests(listings, products, reservations, holds, RETRIES, clock);
        return new ReservationConsumer(
                client,
                config,
                queued::settle,
                queued::giveUp,
                table::ping,
                outcome -> metrics.counter("flashstock.queued.requests", "outcome", outcome)
                        .increment());
    }

    /** What nobody waits for tells its failures itself. */
    private static void inTheBackground(Uni<Void> work) {
        work.subscribe().with(done -> {}, failure -> {});
    }

    private static double chance() {
        return ThreadLocalRandom.current().nextDouble();
    }

    private static int random(int bound) {
        return ThreadLocalRandom.current().nextInt(bound);
    }
}
