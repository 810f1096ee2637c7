package dev.flashstock.identity;

import static dev.flashstock.identity.IdentityProvider.newKey;
import static dev.flashstock.identity.IdentityProvider.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flashstock.inventory.Unavailable;
import io.smallrye.jwt.auth.principal.JWTAuthContextInfo;
import java.io.IOException;
import java.security.Key;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;
import org.jose4j.lang.UnresolvableKeyException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With a provider that answers over HTTP, and a clock that is set. */
class ProviderKeysTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LEAST_INTERVAL = Duration.ofSeconds(10);
    private static final Duration KEEP = Duration.ofHours(1);
    private static final ProviderKeys.Setting SETTING =
            new ProviderKeys.Setting(Duration.ofMinutes(5), LEAST_INTERVAL, KEEP, PATIENCE);

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-27T09:00:00Z"));
    private final ExecutorService workers = Executors.newCachedThreadPool();
    private IdentityProvider provider;
    private ProviderKeys keys;

    @BeforeEach
    void startProvider() throws Exception {
        provider = new IdentityProvider();
        JWTAuthContextInfo tokens = new JWTAuthContextInfo();
        tokens.setPublicKeyLocation(provider.location().toString());
        keys = new ProviderKeys(new Jwks(tokens, PATIENCE), SETTING, now::get, workers);
    }

    @AfterEach
    void stopProvider() {
        provider.close();
        workers.shutdownNow();
    }

    @Test
    void aPublishedKeyIsFound() throws Exception {
        // Given
        RsaJsonWebKey key = provider.publishKey();

        // When
        settle(key);

        // Then
        assertThat(resolved(key)).isEqualTo(key.getPublicKey());
        assertThat(provider.readings()).isEqualTo(1);
    }

    @Test
    void aKnownKeyIsNotAskedForAgain() {
        // Given
        RsaJsonWebKey key = provider.publishKey();
        settle(key);
        pass(Duration.ofMinutes(1));

        // When
        settle(key);

        // Then
        assertThat(provider.readings()).isEqualTo(1);
    }

    @Test
    void aNewKeyIsFoundAndAWithdrawnOneForgotten() throws Exception {
        // Given
        RsaJsonWebKey old = provider.publishKey();
        settle(old);
        provider.withdraw(old);
        RsaJsonWebKey rotated = provider.publishKey();
        pass(LEAST_INTERVAL);

        // When
        settle(rotated);

        // Then
        assertThat(resolved(rotated)).isEqualTo(rotated.getPublicKey());
        assertThatThrownBy(() -> resolved(old)).isInstanceOf(UnresolvableKeyException.class);
    }

    @Test
    void manyMadeUpKeysAreAskedForOnce() {
        // Given
        RsaJsonWebKey key = provider.publishKey();
        settle(key);
        pass(LEAST_INTERVAL);

        // When
        IntStream.range(0, 1_000)
                .forEach(i -> keys.settled("made-up-" + i).await().atMost(PATIENCE));

        // Then
        assertThat(provider.readings()).isEqualTo(2);
    }

    @Test
    void keysAreReadAgainOnlyAfterTheLeastInterval() {
        // Given
        RsaJsonWebKey key = provider.publishKey();
        settle(key);
        RsaJsonWebKey rotated = provider.publishKey();
        pass(LEAST_INTERVAL.minusMillis(1));
        settle(rotated);
        int before = provider.readings();
        pass(Duration.ofMillis(1));

        // When
        settle(rotated);

        // Then
        assertThat(before).isEqualTo(1);
        assertThat(provider.readings()).isEqualTo(2);
    }

    @Test
    void whoeverWaitsAtTheSameTimeWaitsForOneReading() throws Exception {
        // Given
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        AtomicInteger readings = new AtomicInteger();
        RsaJsonWebKey key = newKey();
        ProviderKeys slow = new ProviderKeys(
                () -> {
                    readings.incrementAndGet();
                    asked.countDown();
                    await(answer);
                    return List.of(key);
                },
                SETTING,
                now::get,
                workers);
        var first = slow.settled(key.getKeyId()).subscribeAsCompletionStage();
        await(asked);
        pass(LEAST_INTERVAL);

        // When
        var second = slow.settled(key.getKeyId()).subscribeAsCompletionStage();
        var gone = slow.settled(key.getKeyId()).subscribeAsCompletionStage();
        gone.cancel(true);
        answer.countDown();

        // Then
        assertThat(first).succeedsWithin(PATIENCE);
        assertThat(second).succeedsWithin(PATIENCE);
        assertThat(readings).hasValue(1);
    }

    @Test
    void nobodyWaitsLongForAProviderThatHangs() throws Exception {
        // Given
        CountDownLatch never = new CountDownLatch(1);
        ProviderKeys.Setting impatient =
                new ProviderKeys.Setting(Duration.ofMinutes(5), LEAST_INTERVAL, KEEP, Duration.ofMillis(100));
        ProviderKeys hanging = new ProviderKeys(
                () -> {
                    await(never);
                    return List.of();
                },
                impatient,
                now::get,
                workers);

        // Then
        assertThatThrownBy(() -> hanging.settled("any").await().atMost(PATIENCE))
                .isInstanceOf(Unavailable.class);
    }

    @Test
    void withoutAnyKeyItCannotBeSaid() {
        // Given
        provider.publishKey();
        provider.answer(503);

        // Then
        assertThatThrownBy(() -> settle(newKey())).isInstanceOf(Unavailable.class);
        assertThatThrownBy(() -> settle(newKey())).isInstanceOf(Unavailable.class);
        assertThat(provider.readings()).isEqualTo(1);
    }

    @Test
    void whetherAnUnknownKeyIsTheProvidersCannotBeSaidWhenItDoesNotAnswer() {
        // Given
        RsaJsonWebKey key = provider.publishKey();
        settle(key);
        pass(LEAST_INTERVAL);
        provider.answer(500);

        // Then
        assertThatThrownBy(() -> settle(newKey())).isInstanceOf(Unavailable.class);
        settle(key);
    }

    @Test
    void aProviderThatComesBackIsAskedAgain() throws Exception {
        // Given
        RsaJsonWebKey key = provider.publishKey();
        provider.answer(503);
        assertThatThrownBy(() -> settle(key)).isInstanceOf(Unavailable.class);
        provider.answer(200);
        pass(LEAST_INTERVAL);

        // When
        settle(key);

        // Then
        assertThat(resolved(key)).isEqualTo(key.getPublicKey());
    }

    @Test
    void keysAreKeptForABoundedTimeWhileTheProviderDoesNotAnswer() throws Exception {
        // Given
        RsaJsonWebKey key = provider.publishKey();
        settle(key);
        provider.answer(503);
        pass(KEEP.minusMillis(1));
        settle(key);
        assertThat(resolved(key)).isEqualTo(key.getPublicKey());

        // When
        pass(Duration.ofMillis(1));

        // Then
        assertThatThrownBy(() -> settle(key)).isInstanceOf(Unavailable.class);
        assertThatThrownBy(() -> resolved(key)).isInstanceOf(UnresolvableKeyException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"not JSON", "{}", "[]", "{\"keys\":5}"})
    void anAnswerThatIsNoSetOfKeysChangesNothing(String garbage) throws Exception {
        // Given
        RsaJsonWebKey key = provider.publishKey();
        settle(key);
        pass(LEAST_INTERVAL);
        provider.say(garbage);

        // When
        assertThatThrownBy(() -> settle(newKey())).isInstanceOf(Unavailable.class);

        // Then
        assertThat(resolved(key)).isEqualTo(key.getPublicKey());
    }

    @Test
    void aSecretInTheSetIsNoKey() throws Exception {
        // Given
        provider.say(
                "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"s\",\"k\":\"c2VjcmV0LXRoYXQtaXMtbG9uZy1lbm91Z2gtZm9yLUhTMjU2\"}]}");

        // When
        keys.settled("made-up").onFailure().recoverWithNull().await().atMost(PATIENCE);

        // Then
        JsonWebSignature token = new JsonWebSignature();
        token.setAlgorithmHeaderValue("HS256");
        token.setKeyIdHeaderValue("s");
        assertThatThrownBy(() -> keys.resolve(token)).isInstanceOf(UnresolvableKeyException.class);
    }

    @Test
    void aTokenThatNamesNoKeyIsVerifiedWithTheOnlyOne() throws Exception {
        // Given
        RsaJsonWebKey key = provider.publishKey();
        settle(key);
        JsonWebSignature token = new JsonWebSignature();
        token.setAlgorithmHeaderValue("RS256");

        // Then
        assertThat(keys.resolve(token)).isEqualTo(key.getPublicKey());

        // When
        RsaJsonWebKey second = provider.publishKey();
        pass(LEAST_INTERVAL);
        settle(second);

        // Then
        assertThatThrownBy(() -> keys.resolve(token)).isInstanceOf(UnresolvableKeyException.class);
    }

    private void pass(Duration time) {
        now.updateAndGet(it -> it.plus(time));
    }

    private void settle(RsaJsonWebKey key) {
        keys.settled(key.getKeyId()).await().atMost(PATIENCE);
    }

    private Key resolved(RsaJsonWebKey key) throws JoseException {
        JsonWebSignature token = new JsonWebSignature();
        token.setCompactSerialization(token(key, "alice", "shopper"));
        return keys.resolve(token);
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new IOException("Nobody comes");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
