package dev.flashstock.redis;

import dev.flashstock.heat.Snapshot;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.mutiny.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The heat of the other processes: each tells its own once a second, a field each in one hash of Redis, and is told the
 * others' at the same moment. What each tells are rates, so that it does no harm that the processes' seconds begin at
 * different times. Ages are by Redis's own clock; what is older than {@link #LIFETIME} is a dead process's and goes.
 *
 * <p>Without Redis nothing is known of the others when that time is over.
 */
public final class RedisHeat {
    /** How often a process tells its heat. */
    static final Duration BEAT = Duration.ofSeconds(1);

    /** For how long it counts. */
    static final Duration LIFETIME = Duration.ofSeconds(3);

    /** Of each measure a process tells so many keys, the hottest. */
    static final int KEYS = 20;

    /** Of so many other processes the heat is known, and not of more: of others each time, if there are. */
    static final int MOST_OTHERS = 100;

    /** The longest text of a process, in characters. */
    static final int MAX_LENGTH = 64 * 1_024;

    /** Notes this process's heat under Redis's time, drops what is too old or lies ahead, and answers with the others'. */
    private static final String EXCHANGE = """
            local key, self, text = KEYS[1], ARGV[1], ARGV[2]
            local lifetime, most = tonumber(ARGV[3]), tonumber(ARGV[4])
            local time = redis.call('TIME')
            local now = time[1] * 1000 + math.floor(time[2] / 1000)
            redis.call('HSET', key, self, now .. ' ' .. text)
            redis.call('PEXPIRE', key, lifetime)
            local others = {}
            local told
            if redis.call('HLEN', key) <= most + 1 then
                told = redis.call('HGETALL', key)
            else
                told = redis.call('HRANDFIELD', key, most, 'WITHVALUES')
            end
            for i = 1, #told, 2 do
                local at, heat = string.match(told[i + 1], '^(%d+) (.*)$')
                if not at or now - at > lifetime or at - now > lifetime then
                    redis.call('HDEL', key, told[i])
                elseif told[i] ~= self then
                    others[#others + 1] = heat
                end
            end
            return others
            """;

    private final BoundedRedis redis;
    private final String key;
    private final String self;
    private final Supplier<Snapshot> own;
    private final LongSupplier nanoTime;
    private final Listener listener;

    private volatile Told told;
    private @Nullable Cancellable exchanges;
    private Uni<Void> lastExchange = Uni.createFrom().voidItem();

    private record Told(List<Snapshot> others, long nanos) {}

    /** Is told how it goes. */
    public interface Listener {
        /** Everything that the others have told is known. */
        void merged();

        /**
         * Something is not.
         *
         * @param failure why
         */
        void failed(Throwable failure);
    }

    /**
     * Takes part under an id of its own, from {@link #start} on.
     *
     * @param redis where
     * @param config what keys begin with
     * @param self this process's id
     * @param own what is frequent in it now
     * @param nanoTime a clock, in nanoseconds
     * @param listener is told of each exchange
     */
    public RedisHeat(
            BoundedRedis redis,
            RedisConfig config,
            String self,
            Supplier<Snapshot> own,
            LongSupplier nanoTime,
            Listener listener) {
        this.redis = redis;
        this.key = config.keyPrefix() + "heat:1";
        this.self = self;
        this.own = own;
        this.nanoTime = nanoTime;
        this.listener = listener;
        this.told = new Told(List.of(), nanoTime.getAsLong());
    }

    /** What is frequent in each of the others, as they told it last; from memory. */
    public List<Snapshot> others() {
        Told last = told;
        return nanoTime.getAsLong() - last.nanos() <= LIFETIME.toNanos() ? last.others() : List.of();
    }

    /** Begins to tell, unless it does already. */
    public synchronized void start() {
        if (exchanges == null) {
            exchanges = Multi.createFrom()
                    .ticks()
                    .every(BEAT)
                    .onOverflow()
                    .drop()
                    .onItem()
                    .transformToUniAndConcatenate(tick -> next())
                    .subscribe()
                    .with(exchanged -> {}, listener::failed);
        }
    }

    /**
     * Stops telling, and takes back what was told.
     *
     * @return completes when the others do not hear of it any more, or cannot be told; never fails
     */
    public synchronized Uni<Void> stop() {
        if (exchanges == null) {
            return Uni.createFrom().voidItem();
        }
        exchanges.cancel();
        exchanges = null;
        // An exchange under way must not come in after this one's heat was taken back.
        return lastExchange
                .chain(() -> redis.execute("HDEL", key, self))
                .replaceWithVoid()
                .onFailure()
                .recoverWithNull();
    }

    /** Once, however many wait for it; who cancels does not end it. */
    private synchronized Uni<Void> next() {
        if (exchanges != null) {
            lastExchange = exchange().memoize().indefinitely();
        }
        return lastExchange;
    }

    private Uni<Void> exchange() {
        return Uni.createFrom()
                .deferred(() -> redis.execute(
                        "EVAL",
                        EXCHANGE,
                        "1",
                        key,
                        self,
                        HeatText.write(own.get().hottest(KEYS)),
                        String.valueOf(LIFETIME.toMillis()),
                        String.valueOf(MOST_OTHERS)))
                .invoke(this::hear)
                .replaceWithVoid()
                .onFailure()
                .invoke(listener::failed)
                .onFailure()
                .recoverWithNull();
    }

    /** What cannot be read is left out: another version's, or nobody's. */
    private void hear(Response others) {
        List<Snapshot> heard = new ArrayList<>();
        IllegalArgumentException unreadable = null;
        for (Response other : others) {
            try {
                heard.add(read(other.toString()));
            } catch (IllegalArgumentException e) {
                unreadable = e;
            }
        }
        told = new Told(List.copyOf(heard), nanoTime.getAsLong());
        if (unreadable == null) {
            listener.merged();
        } else {
            listener.failed(unreadable);
        }
    }

    private static Snapshot read(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("Heat of " + text.length() + " characters");
        }
        return HeatText.read(text);
    }
}
