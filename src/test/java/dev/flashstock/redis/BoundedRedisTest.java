package dev.flashstock.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.redis.datasource.ReactiveRedisDataSource;
import io.smallrye.mutiny.TimeoutException;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import io.vertx.mutiny.redis.client.Response;
import io.vertx.redis.client.impl.types.NumberType;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class BoundedRedisTest {
    private static final Duration TIMEOUT = Duration.ofMillis(50);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Uni<Response> FINE = Uni.createFrom().item(() -> Response.newInstance(NumberType.create(1L)));
    private static final Uni<Response> SILENT = Uni.createFrom().nothing();
    private static final Uni<Response> BROKEN = Uni.createFrom().failure(new IllegalStateException("broken"));

    private final AtomicInteger sent = new AtomicInteger();
    private volatile Supplier<Uni<Response>> answers = () -> FINE;
    private final BoundedRedis redis = new BoundedRedis(
            (ReactiveRedisDataSource) Proxy.newProxyInstance(
                    ReactiveRedisDataSource.class.getClassLoader(),
                    new Class<?>[] {ReactiveRedisDataSource.class},
                    (proxy, method, arguments) -> {
                        sent.incrementAndGet();
                        return answers.get();
                    }),
            TIMEOUT);

    @Test
    void anAnswerIsPassedOn() {
        assertThat(redis.execute("PING").await().atMost(PATIENCE).toInteger()).isEqualTo(1);
    }

    @Test
    void anAnswerThatDoesNotComeIsGivenUp() {
        // Given
        answers = () -> SILENT;

        // When
        Throwable failure = failureOf(redis.execute("PING"));

        // Then
        assertThat(failure).isInstanceOf(TimeoutException.class);
    }

    @Test
    void afterSomeFailuresInARowItIsLeftAloneAndTriedAgainLater() {
        // Given
        answers = () -> SILENT;
        for (int i = 0; i < BoundedRedis.FAILURES; i++) {
            failureOf(redis.execute("PING"));
        }

        // When
        Throwable leftAlone = failureOf(redis.execute("PING"));
        int tried = sent.get();
        answers = () -> FINE;
        await().atMost(PATIENCE)
                .until(() -> redis.execute("PING")
                        .map(answer -> true)
                        .onFailure(BoundedRedis.LeftAlone.class)
                        .recoverWithItem(false)
                        .await()
                        .atMost(PATIENCE));

        // Then
        assertThat(leftAlone).isInstanceOf(BoundedRedis.LeftAlone.class);
        assertThat(tried).isEqualTo(BoundedRedis.FAILURES);
        assertThat(redis.execute("PING").await().atMost(PATIENCE).toInteger()).isEqualTo(1);
    }

    @Test
    void failuresThatAreNotInARowDoNotCount() {
        // Given
        answers = () -> sent.get() % BoundedRedis.FAILURES == 0 ? FINE : BROKEN;

        // When
        for (int i = 0; i < 5 * BoundedRedis.FAILURES; i++) {
            redis.execute("PING").onFailure().recoverWithNull().await().atMost(PATIENCE);
        }

        // Then
        assertThat(sent).hasValue(5 * BoundedRedis.FAILURES);
    }

    @Test
    void whoTriesItAgainAndGivesUpLeavesTheWayOpenForOthers() {
        // Given
        answers = () -> BROKEN;
        for (int i = 0; i < BoundedRedis.FAILURES; i++) {
            failureOf(redis.execute("PING"));
        }
        answers = () -> SILENT;
        await().atMost(PATIENCE).until(() -> {
            redis.execute("PING")
                    .subscribe()
                    .with(nobodyHears -> {}, failure -> {})
                    .cancel();
            return sent.get() > BoundedRedis.FAILURES;
        });

        // When
        answers = () -> FINE;

        // Then
        await().atMost(PATIENCE)
                .until(() -> redis.execute("PING")
                        .map(answer -> true)
                        .onFailure()
                        .recoverWithItem(false)
                        .await()
                        .atMost(PATIENCE));
    }

    private static Throwable failureOf(Uni<?> call) {
        return call.subscribe()
                .withSubscriber(UniAssertSubscriber.create())
                .awaitFailure(PATIENCE)
                .getFailure();
    }
}
