package dev.flashstock.sale;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.flashstock.Samples;
import dev.flashstock.dynamodb.DynamoDbAudits;
import dev.flashstock.dynamodb.DynamoDbExpiries;
import dev.flashstock.dynamodb.DynamoDbLedger;
import dev.flashstock.dynamodb.DynamoDbProducts;
import dev.flashstock.dynamodb.DynamoDbReservations;
import dev.flashstock.dynamodb.DynamoDbSetup;
import dev.flashstock.dynamodb.DynamoDbStock;
import dev.flashstock.inventory.Audits;
import dev.flashstock.inventory.Catalogue;
import dev.flashstock.inventory.Counts;
import dev.flashstock.inventory.Expirations;
import dev.flashstock.inventory.Freshness;
import dev.flashstock.inventory.GatheredStockLevels;
import dev.flashstock.inventory.GroupCommits;
import dev.flashstock.inventory.Holds;
import dev.flashstock.inventory.Looks;
import dev.flashstock.inventory.Neighbours;
import dev.flashstock.inventory.Pauses;
import dev.flashstock.inventory.PodStockLevels;
import dev.flashstock.inventory.QueuedRequests;
import dev.flashstock.inventory.RememberedListings;
import dev.flashstock.inventory.ReservationDesk;
import dev.flashstock.inventory.Reservations;
import dev.flashstock.inventory.Retries;
import dev.flashstock.inventory.SoldOut;
import dev.flashstock.inventory.SoldOutWatch;
import dev.flashstock.inventory.Stock;
import dev.flashstock.inventory.StockLevels;
import dev.flashstock.inventory.StockTable;
import dev.flashstock.inventory.Sweeper;
import dev.flashstock.inventory.ToldStock;
import dev.flashstock.redis.BoundedRedis;
import dev.flashstock.redis.RedisNews;
import dev.flashstock.redis.RedisPods;
import dev.flashstock.redis.RedisStockLevels;
import dev.flashstock.sharding.ShardChoice;
import dev.flashstock.sqs.ReservationConsumer;
import dev.flashstock.sqs.Signatures;
import dev.flashstock.sqs.SqsReservationQueue;
import io.smallrye.mutiny.Uni;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * All that one process of flashstock is made of, put together as the application does it, with clients of its own. Many
 * live in this JVM, and can die.
 */
final class Pod implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Retries RETRIES = new Retries(Pod::random, Pauses.real());
    private static final Freshness FRESHNESS =
            new Freshness(Duration.ofMillis(250), Duration.ofSeconds(1), Duration.ofSeconds(1));
    private static final Clock CLOCK = Clock.tickMillis(ZoneOffset.UTC);

    private final Lines lines;
    private final Names names;
    private final RedisPods heartbeats;
    private final RedisNews news;
    private final ReservationConsumer consumer;
    private final CompletableFuture<Void> death = new CompletableFuture<>();
    private boolean closed;
    private CompletionStage<Void> finished = CompletableFuture.completedStage(null);

    final Catalogue catalogue;
    final ReservationDesk desk;
    final Reservations reservations;
    final Stock stock;
    /** The news from others: a SKU, and its units or that some are back. */
    final Set<String> heard = ConcurrentHashMap.newKeySet();
    /** Does nothing until it is started. */
    final Sweeper sweeper;

    /**
     * Starts one.
     *
     * @param skew how much its clock is fast
     * @param watch what looks at its transactions
     */
    Pod(Lines lines, Names names, Duration skew, UnaryOperator<StockTable> watch) {
        this.lines = lines;
        this.names = names;
        InstantSource clock = Clock.offset(CLOCK, skew);
        var products = new DynamoDbProducts(lines.dynamoDb(), names.table());
        var table = watch.apply(new DynamoDbStock(lines.dynamoDb(), names.table(), Samples.RETENTION));
        var items = new DynamoDbReservations(lines.dynamoDb(), names.table(), Samples.RETENTION, clock);
        var remembered = new RememberedListings(products, Duration.ofSeconds(1));
        heartbeats =
                new RedisPods(lines.redis(), names.redis(), UUID.randomUUID().toString());
        var neighbours = new Neighbours(heartbeats);
        StockLevels shards = new GatheredStockLevels(table, clock);
        var redis = new BoundedRedis(lines.redis(), names.redis().timeout());
        var totals = new RedisStockLevels(
                redis, names.redis(), FRESHNESS, Counts.exact(shards), clock, Pauses.real(), Math::random);
        var levels = new PodStockLevels(totals, FRESHNESS, () -> false);
        news = new RedisNews(lines.redis(), redis, names.redis(), heartbeats.self());
        var soldOut = new SoldOut(Ticker.systemTicker(), news);
        var looks = new Looks(table, products, Ticker.systemTicker());
        var soldOutWatch = new SoldOutWatch(remembered, totals, looks, soldOut, news);
        var told = new ToldStock(
                table,
                totals,
                sku -> inTheBackground(soldOutWatch.suspect(sku)),
                sku -> inTheBackground(soldOutWatch.count(sku)),
                sku -> inTheBackground(levels.forget(sku)));
        var commits = new GroupCommits(
                told, () -> UUID.randomUUID().toString(), clock, neighbours, Pauses.real(), Pod::random);
        var choice = ShardChoice.owned(neighbours::own, Pod::random);
        var holds = new Holds(looks, items, commits, choice, soldOut, RETRIES, Pod::random);
        var signatures = new Signatures(Samples.SECRETS, clock);
        var queue = new SqsReservationQueue(lines.sqs(), names.queue(), signatures, requests -> {});
        var queued = new QueuedRequests(remembered, products, items, holds, RETRIES, clock);
        var audits = new Audits(
                new DynamoDbAudits(lines.dynamoDb(), names.table()),
                new Audits.Source(
                        products,
                        table,
                        new DynamoDbLedger(lines.dynamoDb(), names.table()),
                        items,
                        Pauses.real(),
                        clock),
                RETRIES,
                () -> UUID.randomUUID().toString(),
                counted -> {},
                failure -> {});
        catalogue = new Catalogue(products, audits::held, remembered, remembered, RETRIES);
        desk = new ReservationDesk(remembered, items, holds, queue, soldOut, soldOutWatch, Pauses.real());
        reservations = new Reservations(items, remembered, commits, soldOut, RETRIES, clock);
        stock = new Stock(remembered, products, table, items, commits, levels, shards, soldOut, RETRIES);
        var expiries = new DynamoDbExpiries(lines.dynamoDb(), names.table());
        var ledger = new DynamoDbLedger(lines.dynamoDb(), names.table());
        var expirations = new Expirations(expiries, ledger, items, commits, soldOut, clock);
        var setting = new Sweeper.Setting(Duration.ofSeconds(1), Duration.ofMinutes(15));
        sweeper = new Sweeper(
                expiries,
                expirations,
                remembered,
                neighbours,
                heartbeats,
                setting,
                clock,
                Pauses.real(),
                Pod::random,
                (count, first) -> {});
        consumer = new ReservationConsumer(
                lines.sqs(),
                names.queue(),
                signatures,
                queued::settle,
                queued::giveUp,
                new DynamoDbSetup(lines.dynamoDb(), names.table())::ping,
                outcome -> {});
        news.start(
                (sku, available) -> {
                    soldOut.heardElsewhere(sku, available);
                    heard.add(sku + " " + available);
                },
                sku -> {
                    soldOut.backElsewhere(sku);
                    heard.add(sku + " back");
                });
        heartbeats.start().subscribe().with(beaten -> {});
        consumer.start();
    }

    /** How many pods hear the others' news. */
    int listeners() {
        return lines.redis()
                .execute("PUBSUB", "NUMSUB", names.redis().keyPrefix() + "news")
                .await()
                .atMost(PATIENCE)
                .get(1)
                .toInteger();
    }

    /** Completes when it dies. */
    CompletionStage<Void> death() {
        return death;
    }

    /** It is cut off, for good, and answers nobody any more. What it has sent may still happen. */
    void kill() {
        death.complete(null);
        lines.cut();
        finished = finish();
    }

    /** Waits until it has finished what it has begun, unless it is dead, and goes. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (!death.isDone()) {
            finished = finish();
        }
        finished.toCompletableFuture()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join();
        news.stop();
        heartbeats.stop().await().atMost(PATIENCE);
        lines.close();
    }

    private CompletionStage<Void> finish() {
        return Uni.join()
                .all(consumer.stop(), sweeper.stop())
                .andCollectFailures()
                .replaceWithVoid()
                .subscribeAsCompletionStage();
    }

    private static void inTheBackground(Uni<Void> work) {
        work.subscribe().with(done -> {}, failure -> {});
    }

    private static int random(int bound) {
        return ThreadLocalRandom.current().nextInt(bound);
    }
}
