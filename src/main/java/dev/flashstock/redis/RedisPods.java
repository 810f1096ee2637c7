package dev.flashstock.redis;

import dev.flashstock.inventory.Pods;
import dev.flashstock.sharding.Ownership;
import io.quarkus.redis.datasource.ReactiveRedisDataSource;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.mutiny.redis.client.Response;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The living pods, by a heartbeat each in one sorted set of Redis. Its scores are times of Redis's own clock, so that
 * nothing depends on what the pods' clocks say. Without Redis the pods stay as they were last seen: at the beginning
 * this one alone.
 *
 * <p>One heartbeat is waited for at a time. One that is given up may still be with the client, whose pool bounds how many
 * are; should it come through later, this pod counts as alive for one lifetime more.
 */
public final class RedisPods implements Pods {
    /** How often a pod says that it is alive, and the longest that it waits for Redis's answer. */
    static final Duration BEAT = Duration.ofSeconds(1);

    /** How long a pod that says nothing is taken for alive. */
    static final Duration LIFETIME = Duration.ofSeconds(4);

    /** The longest id of a pod, in bytes. */
    static final int MAX_ID_BYTES = 64;

    private static final Logger LOG = Logger.getLogger(RedisPods.class);

    /**
     * Drops the dead, and scores that lie ahead because Redis's clock was put back; adds this pod; answers with the pods
     * that were heard last. The key goes when nobody is left.
     */
    private static final String HEARTBEAT = """
            local key, self, lifetime, most, longest = KEYS[1], ARGV[1], ARGV[2], ARGV[3], ARGV[4]
            local time = redis.call('TIME')
            local now = time[1] * 1000 + math.floor(time[2] / 1000)
            redis.call('ZREMRANGEBYSCORE', key, '-inf', now - lifetime)
            redis.call('ZREMRANGEBYSCORE', key, now + lifetime, '+inf')
            redis.call('ZADD', key, now, self)
            redis.call('PEXPIRE', key, lifetime)
            local living = {}
            for _, pod in ipairs(redis.call('ZREVRANGE', key, 0, most - 1)) do
                if #pod <= tonumber(longest) then
                    living[#living + 1] = pod
                end
            end
            return living
            """;

    private final ReactiveRedisDataSource redis;
    private final String key;
    private final String self;

    private volatile Set<String> living;
    private volatile boolean known = true;

    private @Nullable Cancellable heart;
    private Uni<Void> lastBeat = Uni.createFrom().voidItem();

    /**
     * Takes part under an id of its own, from {@link #start} on.
     *
     * @param redis where
     * @param config what keys begin with
     * @param self this pod's id, one that no other pod has and that it did not have before, at most
     *     {@value #MAX_ID_BYTES} bytes
     */
    public RedisPods(ReactiveRedisDataSource redis, RedisConfig config, String self) {
        this.redis = redis;
        this.key = config.keyPrefix() + "pods";
        this.self = self;
        this.living = Set.of(self);
    }

    @Override
    public String self() {
        return self;
    }

    @Override
    public Set<String> living() {
        return living;
    }

    /**
     * Begins to beat, unless it does already.
     *
     * @return completes when the first heartbeat is answered, or is not within a second; never fails
     */
    public synchronized Uni<Void> start() {
        if (heart == null) {
            // A beat that is due while one is under way is left out.
            heart = Multi.createFrom()
                    .ticks()
                    .startingAfter(BEAT)
                    .every(BEAT)
                    .onOverflow()
                    .drop()
                    .onItem()
                    .transformToUniAndConcatenate(tick -> nextBeat())
                    .subscribe()
                    .with(beaten -> {}, failure -> LOG.error("Heartbeats have ended", failure));
            LOG.infof("Heartbeats started pod=%s", self);
            return nextBeat();
        }
        return lastBeat;
    }

    /**
     * Stops beating, and leaves.
     *
     * @return completes when the others can know it, or after two seconds: then they know it when its time is over;
     *     never fails
     */
    public synchronized Uni<Void> stop() {
        if (heart == null) {
            return Uni.createFrom().voidItem();
        }
        heart.cancel();
        heart = null;
        // A heartbeat under way must not come in after the farewell.
        return lastBeat.chain(this::leave);
    }

    /** Once, however many wait for it; who cancels does not end it. */
    private synchronized Uni<Void> nextBeat() {
        if (heart != null) {
            lastBeat = beat().memoize().indefinitely();
        }
        return lastBeat;
    }

    private Uni<Void> beat() {
        return inTime(
                        "EVAL",
                        HEARTBEAT,
                        "1",
                        key,
                        self,
                        String.valueOf(LIFETIME.toMillis()),
                        String.valueOf(Ownership.MAX_PODS),
                        String.valueOf(MAX_ID_BYTES))
                .invoke(this::see)
                .replaceWithVoid()
                .onFailure()
                .recoverWithItem(this::stayAsItWas);
    }

    private Uni<Void> leave() {
        return inTime("ZREM", key, self)
                .invoke(() -> LOG.infof("Heartbeats stopped pod=%s", self))
                .replaceWithVoid()
                .onFailure()
                .recoverWithItem(failure -> {
                    LOG.infof("Heartbeats stopped without a farewell pod=%s error=%s", self, failure);
                    return null;
                });
    }

    private Uni<Response> inTime(String command, String... words) {
        return Uni.createFrom()
                .deferred(() -> redis.execute(command, words))
                .ifNoItem()
                .after(BEAT)
                .fail();
    }

    private void see(Response pods) {
        Set<String> seen = Stream.concat(
                        Stream.of(self),
                        IntStream.range(0, pods.size())
                                .mapToObj(i -> pods.get(i).toString())
                                .filter(pod -> !pod.equals(self))
                                .limit(Ownership.MAX_PODS - 1))
                .collect(Collectors.toUnmodifiableSet());
        if (!seen.equals(living)) {
            living = seen;
        }
        if (!known) {
            known = true;
            LOG.infof("Living pods known again pods=%d", seen.size());
        }
    }

    private @Nullable Void stayAsItWas(Throwable failure) {
        if (known) {
            known = false;
            LOG.warnf("Living pods not known, staying with the last seen pods=%d error=%s", living.size(), failure);
        }
        return null;
    }
}
