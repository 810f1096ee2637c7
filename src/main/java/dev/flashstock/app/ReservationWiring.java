package dev.flashstock.app;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.flashstock.api.ReservationsConfig;
import dev.flashstock.dynamodb.DynamoDbSetup;
import dev.flashstock.inventory.GroupCommits;
import dev.flashstock.inventory.Holds;
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
import dev.flashstock.inventory.ReservationDesk;
import dev.flashstock.inventory.ReservationIds;
import dev.flashstock.inventory.ReservationQueue;
import dev.flashstock.inventory.ReservationTable;
import dev.flashstock.inventory.Reservations;
import dev.flashstock.inventory.SoldOut;
import dev.flashstock.inventory.SoldOutWatch;
import dev.flashstock.inventory.StockTable;
import dev.flashstock.inventory.ToldStock;
import dev.flashstock.inventory.Totals;
import dev.flashstock.redis.BoundedRedis;
import dev.flashstock.redis.RedisConfig;
import dev.flashstock.redis.RedisNews;
import dev.flashstock.redis.RedisPods;
import dev.flashstock.redis.RedisStockLevels;
import dev.flashstock.sharding.ShardChoice;
import dev.flashstock.sqs.ReservationConsumer;
import dev.flashstock.sqs.Signatures;
import dev.flashstock.sqs.SqsConfig;
import dev.flashstock.sqs.SqsReservationQueue;
import dev.flashstock.sqs.SqsSetup;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ReservationRequest;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.redis.datasource.ReactiveRedisDataSource;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/** The two ways to reserve, put together: waiting, to the table; not waiting, to the queue and then to the table. */
final class ReservationWiring {
    // The pods that share a SKU's shards

    @Produces
    @Singleton
    RedisPods pods(Instance<ReactiveRedisDataSource> redis, RedisConfig config, MeterRegistry metrics) {
        RedisPods pods = new RedisPods(redis.get(), config, UUID.randomUUID().toString());
        Gauge.builder("flashstock.pods", pods, it -> it.living().size())
                .description("Processes that are alive, as far as this one knows, itself among them")
                .register(metrics);
        return pods;
    }

    @Produces
    @Singleton
    Neighbours neighbours(Pods pods, InventoryConfig config) {
        return new Neighbours(pods, config.shardChoice() == InventoryConfig.Choice.OWNED);
    }

    // Sold out

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
        Gauge.builder("flashstock.group.waiting", commits, GroupCommits::waiting)
                .description("Reservations that wait for a group commit, or are in one")
                .register(metrics);
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
        return new Holds(looks, reservations, commits, choice, soldOut, Wiring.RETRIES, Wiring::random);
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
        return new Reservations(reservations, listings, commits, soldOut, Wiring.RETRIES, clock);
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

    // The queue

    @Produces
    @Singleton
    SqsSetup queueSetup(SqsAsyncClient client, SqsConfig config, MeterRegistry metrics) {
        SqsSetup queues = new SqsSetup(client, config);
        QueueDepth.measure("requests", queues::waiting, metrics);
        QueueDepth.measure("dead", queues::dead, metrics);
        return queues;
    }

    @Produces
    @Singleton
    Signatures signatures(ReservationsConfig config, InstantSource clock) {
        return new Signatures(config.idSecrets().orElse(List.of()), clock);
    }

    @Produces
    @Singleton
    ReservationQueue queue(
            SqsAsyncClient client,
            SqsConfig config,
            Signatures signatures,
            TraceWiring.Recorder traces,
            MeterRegistry metrics) {
        DistributionSummary packed = DistributionSummary.builder("flashstock.queue.message.requests")
                .description("Requests in a message that was sent")
                .register(metrics);
        ReservationQueue queue = new SqsReservationQueue(client, config, signatures, packed::record);
        return traces.queue().map(it -> it.sending(queue)).orElse(queue);
    }

    @Produces
    @Singleton
    ReservationConsumer consumer(
            SqsAsyncClient client,
            SqsConfig config,
            Signatures signatures,
            RememberedListings listings,
            ProductTable products,
            ReservationTable reservations,
            Holds holds,
            DynamoDbSetup table,
            InstantSource clock,
            TraceWiring.Recorder traces,
            MeterRegistry metrics) {
        QueuedRequests queued = new QueuedRequests(listings, products, reservations, holds, Wiring.RETRIES, clock);
        QueueMetrics measured = new QueueMetrics(metrics, clock);
        Function<ReservationRequest, Uni<Reservation>> decide = measured.timed(queued::settle);
        return new ReservationConsumer(
                client,
                config,
                signatures,
                traces.queue().map(it -> it.deciding(decide)).orElse(decide),
                queued::giveUp,
                table::ping,
                measured::count);
    }

    /** What nobody waits for tells its failures itself. */
    private static void inTheBackground(Uni<Void> work) {
        work.subscribe().with(done -> {}, failure -> {});
    }
}
