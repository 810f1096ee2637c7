package dev.flashstock.redis;

import dev.failsafe.CircuitBreaker;
import io.quarkus.redis.datasource.ReactiveRedisDataSource;
import io.smallrye.mutiny.Uni;
import io.vertx.mutiny.redis.client.Response;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The way to Redis, which is a help and not a need. An answer is waited for no longer than a timeout, and when
 * {@value #FAILURES} commands in a row have failed, Redis is left alone for a while: then whoever needs no Redis does not
 * wait for it either. After the while a single command tries whether it is back.
 */
public final class BoundedRedis {
    /** So many failures in a row, and Redis is left alone. */
    static final int FAILURES = 3;

    /** For how long. */
    static final Duration LEFT_ALONE = Duration.ofSeconds(1);

    private static final Logger LOG = Logger.getLogger(BoundedRedis.class);

    private final ReactiveRedisDataSource redis;
    private final Duration timeout;
    private final CircuitBreaker<Response> circuit;
    private final AtomicBoolean away = new AtomicBoolean();

    /**
     * Bounds a Redis.
     *
     * @param redis where
     * @param timeout how long an answer is waited for
     */
    public BoundedRedis(ReactiveRedisDataSource redis, Duration timeout) {
        this.redis = redis;
        this.timeout = timeout;
        this.circuit = CircuitBreaker.<Response>builder()
                .withFailureThreshold(FAILURES)
                .withDelay(LEFT_ALONE)
                .build();
    }

    /** Redis has not answered lately, and is not asked. */
    public static final class LeftAlone extends RuntimeException {
        private static final long serialVersionUID = 1L;

        LeftAlone() {
            super("Redis has not answered lately", null, false, false);
        }
    }

    /**
     * Sends a command.
     *
     * @param command its name
     * @param words what follows
     * @return the answer; fails with {@link LeftAlone}, at the timeout, and as Redis does
     */
    Uni<Response> execute(String command, String... words) {
        return Uni.createFrom().deferred(() -> {
            if (!circuit.tryAcquirePermit()) {
                return Uni.createFrom().failure(new LeftAlone());
            }
            return Uni.createFrom()
                    .deferred(() -> redis.execute(command, words))
                    .ifNoItem()
                    .after(timeout)
                    .fail()
                    .onTermination()
                    .invoke((answer, failure, cancelled) -> record(failure, cancelled));
        });
    }

    private void record(@Nullable Throwable failure, boolean cancelled) {
        if (failure == null && !cancelled) {
            circuit.recordSuccess();
            if (away.getAndSet(false)) {
                LOG.info("Redis answers again");
            }
            return;
        }
        circuit.recordFailure();
        if (failure != null && !away.getAndSet(true)) {
            LOG.warnf("Redis does not answer, done without for as long error=%s", failure);
        }
    }
}
