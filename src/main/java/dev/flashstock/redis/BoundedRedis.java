package dev.flashstock.redis;

import dev.flashstock.inventory.Aid;
import io.quarkus.redis.datasource.ReactiveRedisDataSource;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Response;
import java.time.Duration;
import org.jboss.logging.Logger;

/** The way to Redis, which is a help and not a need. */
public final class BoundedRedis {
    private static final Logger LOG = Logger.getLogger(BoundedRedis.class);

    private final ReactiveRedisDataSource redis;
    private final Aid aid;

    /**
     * Bounds a Redis.
     *
     * @param redis where
     * @param timeout how long an answer is waited for
     */
    public BoundedRedis(ReactiveRedisDataSource redis, Duration timeout) {
        this.redis = redis;
        this.aid = new Aid(timeout, new Aid.Listener() {
            @Override
            public void away(Throwable failure) {
                LOG.warnf("Redis does not answer, done without for as long error=%s", failure);
            }

            @Override
            public void back() {
                LOG.info("Redis answers again");
            }
        });
    }

    /**
     * Asks whether it is there.
     *
     * @return completes when it answers; fails as {@link Aid#ask} does
     */
    public Uni<Void> ping() {
        return execute("PING").replaceWithVoid();
    }

    /**
     * Whether it is done without.
     *
     * @return as {@link Aid#isAway} says
     */
    public boolean isAway() {
        return aid.isAway();
    }

    /**
     * Sends a command.
     *
     * @param command its name
     * @param words what follows
     * @return the answer; fails as {@link Aid#ask} does
     */
    Uni<Response> execute(String command, String... words) {
        return aid.ask(() -> redis.execute(command, words));
    }
}
