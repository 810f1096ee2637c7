package dev.flashstock.api;

import static dev.flashstock.api.Problems.assertProblem;
import static dev.flashstock.api.Shop.anonymous;
import static dev.flashstock.api.Shop.bearing;
import static dev.flashstock.api.Shop.newProduct;
import static dev.flashstock.api.Shop.newUser;
import static dev.flashstock.identity.IdentityProvider.claims;
import static dev.flashstock.identity.IdentityProvider.newKey;
import static dev.flashstock.identity.IdentityProvider.signedWithThePublicKey;
import static dev.flashstock.identity.IdentityProvider.token;
import static dev.flashstock.identity.IdentityProvider.unsigned;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flashstock.identity.IdentityProvider;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens of an identity provider whose keys are at a URL. */
@Tag("long")
@QuarkusTest
@WithTestResource(TokensTest.Provider.class)
class TokensTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String INVALID = "Bearer realm=\"flashstock\", error=\"invalid_token\"";
    private static final int SKEW_SECONDS = 30;

    /** It is there before the service is, and asked often, so that no test waits for another. */
    public static class Provider implements QuarkusTestResourceLifecycleManager {
        private IdentityProvider provider;

        @Override
        public Map<String, String> start() {
            try {
                provider = new IdentityProvider();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Map<String, String> settings = new HashMap<>(provider.settings());
            // Else the key that Quarkus makes for tests would count.
            settings.put("mp.jwt.verify.publickey", "NONE");
            settings.put("flashstock.identity.least-interval", "100ms");
            settings.put("smallrye.jwt.path.groups", "realm_access/roles");
            return settings;
        }

        @Override
        public void inject(TestInjector injector) {
            injector.injectIntoFields(provider, new TestInjector.MatchesType(IdentityProvider.class));
        }

        @Override
        public void stop() {
            provider.close();
        }
    }

    IdentityProvider provider;

    private final String user = newUser();

    @AfterEach
    void inOrderAgain() {
        provider.answer(200);
        provider.say("");
    }

    @Test
    void aKeyThatIsPublishedLaterIsFound() {
        // Given
        RsaJsonWebKey key = provider.publishKey();

        // When
        Response response = awaitBelieved(token(key, shopper().toJson()));

        // Then
        assertThat(response.jsonPath().getList("items")).isEmpty();
    }

    @Test
    void aKeyThatWasWithdrawnIsRefused() {
        // Given
        RsaJsonWebKey old = provider.publishKey();
        awaitBelieved(token(old, shopper().toJson()));

        // When
        provider.withdraw(old);
        awaitBelieved(token(provider.publishKey(), shopper().toJson()));

        // Then
        assertRefused(token(old, shopper().toJson()));
    }

    @Test
    void aKeyOfSomebodyElseIsRefused() {
        // Given
        believedKey();

        // Then
        assertRefused(token(newKey(), shopper().toJson()));
    }

    @Test
    void aSignatureOfSomebodyElseIsRefusedUnderAKnownName() {
        // Given
        RsaJsonWebKey forged = newKey();
        forged.setKeyId(believedKey().getKeyId());

        // Then
        assertRefused(token(forged, shopper().toJson()));
    }

    static Stream<Named<Consumer<JwtClaims>>> claimsThatAreNotBelieved() {
        return Stream.of(
                Named.of("another issuer", it -> it.setIssuer("https://elsewhere.example")),
                Named.of("no issuer", it -> it.unsetClaim("iss")),
                Named.of("another audience", it -> it.setAudience("another-service")),
                Named.of("no audience", it -> it.unsetClaim("aud")),
                Named.of("expired", it -> {
                    it.setIssuedAt(inSeconds(-600));
                    it.setExpirationTime(inSeconds(-SKEW_SECONDS - 1));
                }),
                Named.of("without end", it -> it.unsetClaim("exp")),
                Named.of("not valid yet", it -> it.setNotBefore(inSeconds(SKEW_SECONDS + 60))),
                Named.of("no subject", it -> it.unsetClaim("sub")),
                Named.of("no subject, but another name", it -> {
                    it.unsetClaim("sub");
                    it.setClaim("upn", "alice");
                }),
                Named.of("an empty subject", it -> it.setSubject("")),
                Named.of("a blank subject", it -> it.setSubject(" ")),
                Named.of("a subject too long", it -> it.setSubject("x".repeat(129))),
                Named.of("a subject with a line's end", it -> it.setSubject("alice\nbob")),
                Named.of("a number for a subject", it -> it.setClaim("sub", 5)),
                Named.of("an object for a subject", it -> it.setClaim("sub", Map.of("a", 1))),
                Named.of("words for a time", it -> it.setClaim("exp", "tomorrow")),
                Named.of("a number for an audience", it -> it.setClaim("aud", 5)));
    }

    @ParameterizedTest
    @MethodSource("claimsThatAreNotBelieved")
    void aTokenThatSaysWhatIsNotBelievedIsRefused(Consumer<JwtClaims> change) {
        // Given
        RsaJsonWebKey key = believedKey();
        JwtClaims claims = shopper();

        // When
        change.accept(claims);

        // Then
        assertRefused(token(key, claims.toJson()));
    }

    static Stream<Named<Object>> rolesThatAreNone() {
        return Stream.of(
                Named.of("nothing", Map.of()),
                Named.of("a number", Map.of("roles", 5)),
                Named.of("numbers", Map.of("roles", List.of(1, 2))),
                Named.of("words", "shopper"));
    }

    @ParameterizedTest
    @MethodSource("rolesThatAreNone")
    void aTokenWithoutRolesMayNothing(Object realm) {
        // Given
        JwtClaims claims = shopper();
        claims.setClaim("realm_access", realm);

        // When
        Response response = ask(token(believedKey(), claims.toJson()));

        // Then
        assertProblem(response, 403, "forbidden");
    }

    @Test
    void aTokenThatHasJustExpiredIsBelieved() {
        // Given
        JwtClaims claims = shopper();
        claims.setIssuedAt(inSeconds(-600));
        claims.setExpirationTime(inSeconds(-1));

        // When
        Response response = ask(token(believedKey(), claims.toJson()));

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
    }

    @Test
    void anUnsignedTokenIsRefused() {
        assertRefused(unsigned(believedKey(), shopper().toJson()));
    }

    @Test
    void aTokenSignedWithThePublicKeyIsRefused() {
        assertRefused(signedWithThePublicKey(believedKey(), shopper().toJson()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "not JSON", "[]", "5", "null", "{\"sub\":", "{}"})
    void aSignedTokenThatSaysNothingIsRefused(String payload) {
        assertRefused(token(believedKey(), payload));
    }

    @Test
    void aSignedTokenThatSaysALotIsJudgedLikeAnyOther() {
        // Given
        RsaJsonWebKey key = believedKey();
        JwtClaims claims = shopper();
        claims.setClaim("more", "x".repeat(8_000));

        // Then
        assertThat(ask(token(key, claims.toJson())).statusCode()).isEqualTo(200);
        assertRefused(token(key, "[".repeat(8_000)));
        assertRefused(token(key, "x".repeat(8_000)));
        claims.setClaim("more", "x".repeat(20_000));
        assertThat(ask(token(key, claims.toJson())).statusCode()).isEqualTo(431);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"alg\":\"RS256\",\"kid\":5}",
                "{\"alg\":5,\"kid\":\"a\"}",
                "{\"kid\":\"a\"}",
                "{\"alg\":\"RS256\",\"kid\":null}",
                "{\"alg\":\"RS256\",\"crit\":[\"b64\"],\"b64\":false}",
                "[]",
                "",
                "{"
            })
    void aHeaderThatIsNoneIsRefused(String header) {
        // Given
        believedKey();
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        String encoded = base64.encodeToString(header.getBytes(StandardCharsets.UTF_8));

        // Then
        assertRefused(
                encoded + "." + base64.encodeToString(shopper().toJson().getBytes(StandardCharsets.UTF_8)) + ".AAAA");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "x.y", "x.y.z", "a.b.c.d", "a.b.c.d.e", "..", "....", "é.é.é"})
    void whatIsNoTokenIsRefused(String token) {
        assertRefused(token);
    }

    @Test
    void manyMadeUpKeysAreRefusedWithoutManyQuestionsToTheProvider() {
        // Given
        RsaJsonWebKey key = believedKey();
        List<String> tokens = IntStream.range(0, 100)
                .mapToObj(i -> token(named(key, "made-up-" + i), shopper().toJson()))
                .toList();
        int before = provider.readings();
        long began = System.nanoTime();

        // When
        tokens.forEach(this::assertRefused);

        // Then
        long intervals = Duration.ofNanos(System.nanoTime() - began).toMillis() / 100;
        assertThat((long) provider.readings() - before).isBetween(1L, intervals + 1);
    }

    /** The same key under another name: to make one takes its time. */
    private static RsaJsonWebKey named(RsaJsonWebKey key, String name) {
        RsaJsonWebKey named = new RsaJsonWebKey(key.getRsaPublicKey());
        named.setPrivateKey(key.getPrivateKey());
        named.setKeyId(name);
        return named;
    }

    @Test
    void aProviderThatDoesNotAnswerLeavesKnownKeysInUse() {
        // Given
        RsaJsonWebKey key = believedKey();
        provider.answer(500);

        // Then
        awaitUnavailable(token(newKey(), shopper().toJson()));
        assertThat(ask(token(key, shopper().toJson())).statusCode()).isEqualTo(200);
        assertThat(anonymous().get("/products/{sku}/stock", newProduct()).statusCode())
                .isEqualTo(200);
    }

    @Test
    void noTokenIsLogged() {
        // Given
        RsaJsonWebKey key = believedKey();
        String believed = token(key, shopper().toJson());
        String refused = token(newKey(), shopper().toJson());
        String garbage = "e30.c2VjcmV0LWdhcmJhZ2U.c2ln";

        // When
        LogOf log = new LogOf("");
        try (log) {
            ask(believed);
            ask(refused);
            ask(garbage);
            provider.answer(500);
            awaitUnavailable(token(newKey(), shopper().toJson()));
        }

        // Then
        assertThat(log.lines()).anyMatch(line -> line.contains("Keys of the identity provider not read"));
        for (String token : new String[] {believed, refused, garbage}) {
            assertThat(log.lines())
                    .noneMatch(line -> Stream.of(token.split("\\."))
                            .filter(part -> part.length() > 8)
                            .anyMatch(line::contains));
        }
    }

    private JwtClaims shopper() {
        JwtClaims claims = claims(user);
        claims.unsetClaim("groups");
        claims.setClaim("realm_access", Map.of("roles", List.of("shopper", "unknown")));
        return claims;
    }

    private static NumericDate inSeconds(long seconds) {
        NumericDate date = NumericDate.now();
        date.addSeconds(seconds);
        return date;
    }

    private RsaJsonWebKey believedKey() {
        RsaJsonWebKey key = provider.publishKey();
        awaitBelieved(token(key, shopper().toJson()));
        return key;
    }

    private Response ask(String token) {
        return bearing(token).get("/reservations");
    }

    private Response awaitBelieved(String token) {
        return await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> ask(token), it -> it.statusCode() == 200);
    }

    private void awaitUnavailable(String token) {
        Response response = await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> ask(token), it -> it.statusCode() != 401);
        assertProblem(response, 503, "unavailable");
        assertThat(response.header("Retry-After")).isNotBlank();
    }

    private void assertRefused(String token) {
        Response response = ask(token);
        assertProblem(response, 401, "unauthenticated");
        assertThat(response.headers().getValues("WWW-Authenticate")).containsExactly(INVALID);
    }
}
