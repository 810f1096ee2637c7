package dev.flashstock.app;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flashstock.api.ReservationsConfig;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.jwt.algorithm.SignatureAlgorithm;
import io.smallrye.jwt.auth.principal.JWTAuthContextInfo;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What production refuses to serve with. */
class IdentityCheckTest {
    private final JWTAuthContextInfo tokens = new JWTAuthContextInfo();
    private Optional<String> location = Optional.of("https://identity.example/jwks");
    private Optional<Boolean> readOnce = Optional.empty();
    private List<String> secrets = List.of("a-secret-of-the-tests-and-of-nobody-else");

    @BeforeEach
    void allIsSafe() {
        tokens.setIssuedBy("https://identity.example");
        tokens.setExpectedAudience(Set.of("flashstock"));
        tokens.setClockSkew(300);
        tokens.setSignatureAlgorithm(Set.of(SignatureAlgorithm.RS256, SignatureAlgorithm.ES256));
        tokens.setTokenHeader("Authorization");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whatIsSafeIsServedWith(boolean shopperConfirms) {
        assertThatCode(() -> check(LaunchMode.NORMAL, shopperConfirms)).doesNotThrowAnyException();
    }

    static Stream<Arguments> unsafeSettings() {
        return Stream.of(
                unsafe(it -> it.setIssuedBy(null), "Tokens of any issuer .* set mp.jwt.verify.issuer .*"),
                unsafe(it -> it.setIssuedBy(" "), "Tokens of any issuer .*"),
                unsafe(it -> it.setExpectedAudience(null), "Tokens for any other .* set mp.jwt.verify.audiences .*"),
                unsafe(it -> it.setExpectedAudience(Set.of()), "Tokens for any other .*"),
                unsafe(
                        it -> it.setClockSkew(301),
                        "Tokens would be believed for 301 s .* set mp.jwt.verify.clock.skew .*"),
                unsafe(it -> it.setExpGracePeriodSecs(3_600), "Tokens would be believed for 3600 s .*"),
                unsafe(
                        it -> it.setSignatureAlgorithm(Set.of(SignatureAlgorithm.RS256, SignatureAlgorithm.HS256)),
                        "Tokens could be signed .* set mp.jwt.verify.publickey.algorithm .*"),
                unsafe(it -> it.setSecretKeyContent("secret"), "Tokens could be signed .*"),
                unsafe(it -> it.setTlsTrustAll(true), ".* smallrye.jwt.client.tls.trust-all .*"),
                unsafe(it -> it.setTokenHeader("Cookie"), ".* mp.jwt.token.header .*"),
                unsafe(it -> it.setDefaultSubjectClaim("alice"), ".* smallrye.jwt.claims.sub .*"),
                unsafe(it -> it.setDefaultGroupsClaim("admin"), ".* smallrye.jwt.claims.groups .*"));
    }

    private static Arguments unsafe(Consumer<JWTAuthContextInfo> change, String said) {
        return Arguments.of(change, said);
    }

    @ParameterizedTest
    @MethodSource("unsafeSettings")
    void unsafeSettingsAreRefused(Consumer<JWTAuthContextInfo> change, String said) {
        // Given
        change.accept(tokens);

        // Then
        assertRefused(said);
    }

    @ParameterizedTest
    @EnumSource(
            value = LaunchMode.class,
            names = {"DEVELOPMENT", "TEST"})
    void devModeAndTestsDoAsTheyLike(LaunchMode mode) {
        // Given
        tokens.setIssuedBy(null);

        // Then
        assertThatCode(() -> check(mode, false)).doesNotThrowAnyException();
    }

    @Test
    void aKeyIsNeeded() {
        // Given
        location = Optional.empty();

        // Then
        assertRefused("No key to verify tokens with: set mp.jwt.verify.publickey.location .*");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://identity.example/jwks",
                "HTTP://identity.example/jwks",
                " http://identity.example/jwks",
                "http://127.0.0.1.example/jwks",
                "http://localhost.example/jwks",
                "http://localhost@identity.example/jwks",
                "http://identity.example#localhost",
                "http:///jwks",
                "http://a b/jwks"
            })
    void keysAreNotReadInClear(String unsafe) {
        // Given
        location = Optional.of(unsafe);

        // Then
        assertRefused("The keys to verify tokens with could be replaced .* set mp.jwt.verify.publickey.location .*");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://identity.example/jwks",
                "http://127.0.0.1:8180/jwks",
                "http://localhost/jwks",
                "http://[::1]:8180/jwks",
                "/etc/keys/jwks.json",
                "classpath:key.pem"
            })
    void keysAreReadFromASafePlace(String safe) {
        // Given
        location = Optional.of(safe);

        // Then
        assertThatCode(() -> check(LaunchMode.NORMAL, false)).doesNotThrowAnyException();
    }

    @Test
    void keysAreNotReadOnceForGood() {
        // Given
        readOnce = Optional.of(true);

        // Then
        assertRefused(".* smallrye.jwt.resolve-remote-keys-at-startup .*");
    }

    @Test
    void theSecretOfDevelopmentIsRefusedAmongOthersToo() throws IOException {
        // Given
        Properties settings = new Properties();
        try (InputStream file = IdentityCheck.class.getResourceAsStream("/application.properties")) {
            settings.load(file);
        }
        secrets = List.of(
                "a-secret-of-the-tests-and-of-nobody-else",
                settings.getProperty("%dev,test.flashstock.reservations.id-secrets"));

        // Then
        assertRefused("Reservation ids .* set flashstock.reservations.id-secrets .*");
    }

    private void assertRefused(String said) {
        assertThatThrownBy(() -> check(LaunchMode.NORMAL, false))
                .isInstanceOf(ConfigurationException.class)
                .message()
                .matches(said);
    }

    private void check(LaunchMode mode, boolean shopperConfirms) {
        new IdentityCheck(tokens, reservations(shopperConfirms), Optional.empty(), location, readOnce).check(mode);
    }

    private ReservationsConfig reservations(boolean shopperConfirms) {
        return new ReservationsConfig() {
            @Override
            public Optional<List<String>> idSecrets() {
                return Optional.of(secrets);
            }

            @Override
            public boolean shopperConfirms() {
                return shopperConfirms;
            }

            @Override
            public Duration maxWait() {
                return Duration.ofSeconds(10);
            }
        };
    }
}
