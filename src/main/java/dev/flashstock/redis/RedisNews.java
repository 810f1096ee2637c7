package dev.flashstock.redis;

import dev.flashstock.inventory.News;
import dev.flashstock.stock.Sku;
import io.quarkus.redis.datasource.ReactiveRedisDataSource;
import io.quarkus.redis.datasource.pubsub.ReactivePubSubCommands;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.smallrye.mutiny.subscription.MultiEmitter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * News by a channel of Redis. When the connection breaks it is made again, after at most a second; what is told meanwhile
 * is lost.
 */
public final class RedisNews implements News {
    /** For how long one process has the turn. */
    static final Duration TURN = Duration.ofSeconds(1);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
    private static final Logger LOG = Logger.getLogger(RedisNews.class);

    /** Who says it, how many units are left or that some are back, of what. */
    private static final Pattern MESSAGE = Pattern.compile("(\\S{1,64}) (\\d{1,15}|back) (\\S{1,256})");

    private static final String BACK = "back";

    private final ReactiveRedisDataSource redis;
    private final BoundedRedis commands;
    private final String channel;
    private final String turns;
    private final String self;
    private final AtomicBoolean connected = new AtomicBoolean();
    private @Nullable Cancellable subscription;

    /**
     * Tells news under an id of its own.
     *
     * @param redis where one listens
     * @param commands where one tells
     * @param config what keys begin with
     * @param self this process's id, without spaces
     */
    public RedisNews(ReactiveRedisDataSource redis, BoundedRedis commands, RedisConfig config, String self) {
        this.redis = redis;
        this.commands = commands;
        this.channel = config.keyPrefix() + "news";
        this.turns = config.keyPrefix() + "look:";
        this.self = self;
    }

    /** The connection has broken. */
    private static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Broken() {
            super("The connection has ended", null, false, false);
        }
    }

    /**
     * Begins to listen, unless it does already.
     *
     * @param soldOut is told what others tell of a SKU and its units
     * @param back is told of what others give back
     */
    public synchronized void start(BiConsumer<Sku, Long> soldOut, Consumer<Sku> back) {
        if (subscription == null) {
            subscription = messages()
                    .onFailure()
                    .invoke(this::broken)
                    .onFailure()
                    .retry()
                    .withBackOff(FIRST_PAUSE, LONGEST_PAUSE)
                    .indefinitely()
                    .subscribe()
                    .with(message -> heard(message, soldOut, back));
        }
    }

    /** What is heard over one connection; fails when it breaks, or cannot be made. */
    private Multi<String> messages() {
        return Multi.createFrom().emitter(heard -> new Listening(heard).begin());
    }

    /** One connection. */
    private final class Listening {
        private final MultiEmitter<? super String> heard;
        private volatile boolean over;

        Listening(MultiEmitter<? super String> heard) {
            this.heard = heard;
        }

        void begin() {
            redis.pubsub(String.class)
                    .subscribe(channel, heard::emit, () -> end(new Broken()), this::end)
                    .subscribe()
                    .with(this::begun, this::end);
        }

        private void begun(ReactivePubSubCommands.ReactiveRedisSubscriber subscriber) {
            connected.set(true);
            heard.onTermination(() -> {
                over = true;
                subscriber.unsubscribe().subscribe().with(ended -> {}, alreadyBroken -> {});
            });
        }

        /** Whoever listens no more is not told. */
        private void end(Throwable failure) {
            if (!over) {
                over = true;
                heard.fail(failure);
            }
        }
    }

    /** Ends listening. */
    public synchronized void stop() {
        if (subscription != null) {
            subscription.cancel();
            subscription = null;
        }
    }

    private void broken(Throwable failure) {
        if (connected.getAndSet(false)) {
            LOG.infof("News are not heard until Redis is there again error=%s", failure);
        }
    }

    private void heard(String message, BiConsumer<Sku, Long> soldOut, Consumer<Sku> back) {
        Matcher news = MESSAGE.matcher(message);
        if (!news.matches() || news.group(1).equals(self)) {
            return;
        }
        Sku sku;
        try {
            sku = new Sku(news.group(3));
        } catch (IllegalArgumentException e) {
            LOG.debugf("News of what is no SKU message=%s", message);
            return;
        }
        if (news.group(2).equals(BACK)) {
            back.accept(sku);
        } else {
            soldOut.accept(sku, Long.valueOf(news.group(2)));
        }
    }

    @Override
    public void soldOut(Sku sku, long available, boolean again) {
        tell(sku, String.valueOf(available));
    }

    @Override
    public void back(Sku sku) {
        tell(sku, BACK);
    }

    private void tell(Sku sku, String what) {
        commands.execute("PUBLISH", channel, self + " " + what + " " + sku)
                .subscribe()
                .with(
                        heardByAll -> {},
                        failure -> LOG.debugf("News were not told sku=%s what=%s error=%s", sku, what, failure));
    }

    @Override
    public Uni<Boolean> takeTurn(Sku sku) {
        return commands.execute("SET", turns + sku, self, "NX", "PX", String.valueOf(TURN.toMillis()))
                .onItemOrFailure()
                .transform((taken, failure) -> failure != null || taken != null);
    }
}
