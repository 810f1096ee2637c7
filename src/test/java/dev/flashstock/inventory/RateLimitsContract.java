package dev.flashstock.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flashstock.inventory.RateLimits.Bucket;
import dev.flashstock.inventory.RateLimits.RateLimit;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What holds for token buckets, wherever they are. */
public abstract class RateLimitsContract {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** Whose tokens do not come back while a test looks. */
    private static final RateLimit THREE = new RateLimit(3, Duration.ofHours(1));

    /** The buckets; they may be shared with others, who use other names. */
    protected abstract RateLimits limits();

    private RateLimits limits;

    @BeforeEach
    void fill() {
        limits = limits();
    }

    private static Bucket bucket(RateLimit limit) {
        return new Bucket("test-" + UUID.randomUUID(), limit);
    }

    private Duration take(Bucket... buckets) {
        return limits.take(List.of(buckets)).await().atMost(PATIENCE);
    }

    @Test
    public void aBucketIsFullAtFirst() {
        // Given
        Bucket bucket = bucket(new RateLimit(3, Duration.ofHours(1)));

        // When
        List<Duration> taken = IntStream.range(0, 3).mapToObj(i -> take(bucket)).toList();

        // Then
        assertThat(taken).containsOnly(Duration.ZERO);
    }

    @Test
    public void whoFindsItEmptyIsToldWhenATokenComesBack() {
        // Given
        Bucket bucket = bucket(new RateLimit(2, Duration.ofHours(1)));
        take(bucket);
        take(bucket);

        // When
        Duration wait = take(bucket);

        // Then
        assertThat(wait).isPositive().isLessThanOrEqualTo(Duration.ofHours(1));
    }

    @Test
    public void aTokenComesBack() {
        // Given
        Bucket bucket = bucket(new RateLimit(1, Duration.ofMillis(200)));
        take(bucket);

        // When
        Duration wait = take(bucket);

        // Then
        assertThat(wait).isLessThanOrEqualTo(Duration.ofMillis(200));
        await().atMost(PATIENCE).until(() -> take(bucket).isZero());
    }

    @Test
    public void whatIsRefusedTakesNothingFromTheOtherBuckets() {
        // Given
        Bucket empty = bucket(new RateLimit(1, Duration.ofHours(1)));
        Bucket other = bucket(new RateLimit(2, Duration.ofHours(1)));
        take(empty);

        // When
        Duration wait = take(other, empty);

        // Then
        assertThat(wait).isPositive();
        assertThat(List.of(take(other), take(other))).containsOnly(Duration.ZERO);
    }

    @Test
    public void noBucketIsAlwaysEnough() {
        // When
        Duration wait = take();

        // Then
        assertThat(wait).isZero();
    }

    @Test
    public void ofManyAtOnceNotMoreGetATokenThanThereAre() {
        // Given
        Bucket bucket = bucket(THREE);

        // When
        List<CompletableFuture<Duration>> answers = IntStream.range(0, 50)
                .mapToObj(i -> limits.take(List.of(bucket)).subscribeAsCompletionStage())
                .toList();

        // Then
        assertThat(answers.stream().map(CompletableFuture::join).filter(Duration::isZero))
                .hasSize(3);
    }
}
