package dev.flashstock.simulation;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.flashstock.inventory.Expirations;
import dev.flashstock.inventory.GatheredStockLevels;
import dev.flashstock.inventory.GroupCommits;
import dev.flashstock.inventory.Holds;
import dev.flashstock.inventory.LayoutKeeper;
import dev.flashstock.inventory.Layouts;
import dev.flashstock.inventory.Listing;
import dev.flashstock.inventory.Listings;
import dev.flashstock.inventory.Looks;
import dev.flashstock.inventory.Neighbours;
import dev.flashstock.inventory.Pauses;
import dev.flashstock.inventory.Pods;
import dev.flashstock.inventory.QueuedRequests;
import dev.flashstock.inventory.ReservationDesk;
import dev.flashstock.inventory.Reservations;
import dev.flashstock.inventory.Retries;
import dev.flashstock.inventory.SoldOut;
import dev.flashstock.inventory.SoldOutWatch;
import dev.flashstock.inventory.Stock;
import dev.flashstock.inventory.StockLevels;
import dev.flashstock.sharding.ShardChoice;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;

/** One process: the real use cases, wired as the application wires them, with its own memory. It may die at any step. */
final class Pod implements Network.Caller, Pods {
    private static final Duration LISTINGS_ARE_REMEMBERED = Duration.ofSeconds(1);

    /** Longer than a listing is on its way and remembered, and a reading is on its way. */
    private static final Duration SETTLE =
            LISTINGS_ARE_REMEMBERED.plus(Duration.ofNanos(2 * Network.TIMEOUT_MICROS * 1_000));

    private static final Duration COOL_DOWN = Duration.ofMinutes(1);

    private final World world;
    private final String name;
    private final InMemoryTable table;
    private final GroupCommits commits;
    private final ReservationDesk desk;
    private final Reservations reservations;
    private final Stock stock;
    private final Rejections rejections;
    private final Consumer consumer;
    private final Sweeps sweeps;
    private final LayoutKeeper layouts;
    private final InstantSource clock;
    private boolean dead;

    /**
     * What all pods share.
     *
     * @param sweeping whether they give back what is due
     * @param hot whose shards are hot
     * @param layouts is told how layouts change
     */
    record World(
            VirtualTime time,
            ItemStore store,
            Network network,
            MessageQueue queue,
            Books books,
            Trace trace,
            IntUnaryOperator random,
            Supplier<Set<String>> living,
            BooleanSupplier sweeping,
            Supplier<Set<Sku>> hot,
            LayoutKeeper.Listener layouts,
            java.util.function.Consumer<Pod> died) {}

    /**
     * Builds one.
     *
     * @param skew how much its clock is fast
     */
    Pod(World world, String name, Choice choice, Duration skew) {
        this.world = world;
        this.name = name;
        this.clock = () -> world.time().instant().plus(skew).truncatedTo(ChronoUnit.MILLIS);
        Wire wire = world.network().from(this);
        Pauses pauses = duration -> world.time().pause(duration, this::isAlive);
        this.table = new InMemoryTable(world.store(), wire);
        this.rejections = new Rejections(world, table);
        IntUnaryOperator random = world.random();
        Retries retries = new Retries(random, pauses);
        Neighbours neighbours = new Neighbours(this);
        int[] tokens = {0};
        this.commits = new GroupCommits(table, () -> name + "-" + tokens[0]++, clock, neighbours, pauses, random);
        Ticker ticker = () -> world.time().micros() * 1_000;
        SoldOut soldOut = new SoldOut(ticker, rejections.news());
        Looks looks = new Looks(table, table, ticker);
        ShardChoice shards = switch (choice) {
            case OWNED -> ShardChoice.owned(neighbours::own, random);
            case RANDOM -> ShardChoice.random(random);
            case HASH -> ShardChoice.hash();
        };
        Holds holds = new Holds(looks, rejections, commits, shards, soldOut, retries, random);
        Map<Sku, Remembered> memory = new HashMap<>();
        Listings remembered = remembered(memory);
        StockLevels levels = new GatheredStockLevels(table, clock);
        this.desk = new ReservationDesk(
                remembered,
                table,
                holds,
                request -> world.queue().send(wire, request),
                soldOut,
                new SoldOutWatch(remembered, levels, looks, soldOut, rejections.news()),
                pauses);
        this.reservations = new Reservations(table, remembered, commits, soldOut, retries, clock);
        Expirations expirations = new Expirations(table, table, table, commits, soldOut, clock);
        this.sweeps = new Sweeps(table, expirations, clock, pauses, world.sweeping());
        this.stock = new Stock(remembered, table, table, table, commits, levels, levels, soldOut, retries);
        this.layouts = new LayoutKeeper(
                new Layouts(table, memory::remove, table, table, commits, retries, pauses, SETTLE),
                () -> memory.values().stream()
                        .flatMap(it -> it.listing().stream())
                        .toList(),
                () -> world.hot().get(),
                neighbours,
                new LayoutKeeper.Setting(true, Staff.MOST_SHARDS, COOL_DOWN),
                clock,
                pauses,
                world.layouts());
        QueuedRequests queued = new QueuedRequests(remembered, table, rejections, holds, retries, clock);
        this.consumer = new Consumer(
                world.queue(),
                wire,
                pauses,
                message -> message.isHopeless()
                        ? rejections.givenUp(message.request(), queued.giveUp(message.request()))
                        : rejections.watch(message.request(), queued.settle(message.request())));
    }

    /** Begins to take requests out of the queue, two at a time, and to give back what is due. */
    void start() {
        consumer.start();
        consumer.start();
        sweeps.start();
        layouts.start();
    }

    /** How shards are chosen: the settings of the application. */
    enum Choice {
        OWNED,
        RANDOM,
        HASH
    }

    private record Remembered(Optional<Listing> listing, long until) {}

    /** What {@code RememberedListings} does, on the virtual clock. */
    private Listings remembered(Map<Sku, Remembered> memory) {
        return sku -> {
            Remembered known = memory.get(sku);
            if (known != null && world.time().micros() < known.until()) {
                return Uni.createFrom().item(known.listing());
            }
            return table.find(sku)
                    .invoke(found -> memory.put(
                            sku,
                            new Remembered(found, world.time().micros() + LISTINGS_ARE_REMEMBERED.toMillis() * 1_000)));
        };
    }

    /** What time it is by its own clock. */
    Instant now() {
        return clock.instant();
    }

    InMemoryTable table() {
        return table;
    }

    GroupCommits commits() {
        return commits;
    }

    ReservationDesk desk() {
        return desk;
    }

    Reservations reservations() {
        return reservations;
    }

    LayoutKeeper layouts() {
        return layouts;
    }

    Stock stock() {
        return stock;
    }

    Rejections rejections() {
        return rejections;
    }

    @Override
    public String self() {
        return name;
    }

    @Override
    public Set<String> living() {
        Set<String> living = world.living().get();
        return living.contains(name) ? living : Set.of(name); // it may just have died
    }

    @Override
    public boolean isAlive() {
        return !dead;
    }

    /** Nothing that it waits for goes on; what it has sent is on its way all the same. */
    @Override
    public void die() {
        if (!dead) {
            dead = true;
            world.trace().add("died", name);
            world.died().accept(this);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
