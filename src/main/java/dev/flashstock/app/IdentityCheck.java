package dev.flashstock.app;

import dev.flashstock.api.ReservationsConfig;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.jwt.auth.principal.JWTAuthContextInfo;
import jakarta.inject.Singleton;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Refuses to serve in production with settings under which somebody could be believed who should not be. Dev mode and
 * tests, which believe {@code X-User}, do as they like.
 */
@Singleton
class IdentityCheck {
    private static final Logger LOG = Logger.getLogger(IdentityCheck.class);

    /** What everybody can read in the sources. */
    private static final String DEVELOPMENT_SECRET = "only-for-development-and-for-tests";

    /** What SmallRye JWT takes for nothing. */
    private static final String UNSET = "NONE";

    private static final Duration MOST_SKEW = Duration.ofMinutes(5);
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]");

    private final JWTAuthContextInfo tokens;
    private final ReservationsConfig reservations;
    private final Optional<String> publicKey;
    private final Optional<String> publicKeyLocation;
    private final Optional<Boolean> readOnce;

    IdentityCheck(
            JWTAuthContextInfo tokens,
            ReservationsConfig reservations,
            @ConfigProperty(name = "mp.jwt.verify.publickey") Optional<String> publicKey,
            @ConfigProperty(name = "mp.jwt.verify.publickey.location") Optional<String> publicKeyLocation,
            @ConfigProperty(name = "smallrye.jwt.resolve-remote-keys-at-startup") Optional<Boolean> readOnce) {
        this.tokens = tokens;
        this.reservations = reservations;
        this.publicKey = publicKey.filter(key -> !UNSET.equals(key));
        this.publicKeyLocation = publicKeyLocation.filter(location -> !UNSET.equals(location));
        this.readOnce = readOnce;
    }

    /**
     * Looks at them.
     *
     * @param mode how the process was started
     * @throws ConfigurationException when one of them is not safe
     */
    void check(LaunchMode mode) {
        if (mode == LaunchMode.NORMAL) {
            checkKey();
            checkFile();
            checkTokens();
            checkSecrets();
        }
    }

    private void checkKey() {
        refuseIf(
                publicKey.isEmpty() && publicKeyLocation.isEmpty(),
                "No key to verify tokens with: set mp.jwt.verify.publickey.location to the URL of your identity"
                        + " provider's JWKS, or mp.jwt.verify.publickey to a key.");
        refuseIf(
                publicKeyLocation.filter(IdentityCheck::isReadInClear).isPresent(),
                "The keys to verify tokens with could be replaced on their way: set mp.jwt.verify.publickey.location to"
                        + " an https URL.");
        refuseIf(
                readOnce.orElse(false),
                "A key that the identity provider withdraws would be believed for good: leave"
                        + " smallrye.jwt.resolve-remote-keys-at-startup unset.");
    }

    /** On the way from another machine; on this one, that is for tests. */
    private static boolean isReadInClear(String location) {
        String wanted = location.strip();
        if (!wanted.regionMatches(true, 0, "http:", 0, 5)) {
            return false;
        }
        try {
            String host = URI.create(wanted).getHost();
            return host == null || !LOOPBACK.matcher(host).matches();
        } catch (IllegalArgumentException e) {
            return true;
        }
    }

    /** They are made when they are first asked for, and then a key that is in a file is read. */
    private void checkFile() {
        try {
            tokens.getIssuedBy();
        } catch (RuntimeException e) {
            throw new ConfigurationException("Tokens cannot be verified: " + e.getMessage() + ". See mp.jwt.verify.*.");
        }
    }

    @SuppressWarnings("deprecation") // the older setting of the skew counts too
    private void checkTokens() {
        refuseIf(
                tokens.getIssuedBy() == null || tokens.getIssuedBy().isBlank(),
                "Tokens of any issuer would be believed: set mp.jwt.verify.issuer to what your identity provider calls"
                        + " itself in them.");
        refuseIf(
                tokens.getExpectedAudience() == null
                        || tokens.getExpectedAudience().isEmpty(),
                "Tokens for any other service would be believed: set mp.jwt.verify.audiences to what tokens for this"
                        + " one name.");
        int skew = Math.max(tokens.getClockSkew(), tokens.getExpGracePeriodSecs());
        refuseIf(
                skew > MOST_SKEW.toSeconds(),
                "Tokens would be believed for " + skew + " s after they have expired: set mp.jwt.verify.clock.skew to "
                        + MOST_SKEW.toSeconds() + " or less.");
        refuseIf(
                tokens.getSecretKeyContent() != null
                        || tokens.getSecretVerificationKey() != null
                        || tokens.getSignatureAlgorithm().stream()
                                .anyMatch(algorithm -> algorithm.getAlgorithm().startsWith("HS")),
                "Tokens could be signed by whoever can verify them: set mp.jwt.verify.publickey.algorithm to RS256 or"
                        + " another asymmetric algorithm, and no secret key.");
        refuseIf(
                tokens.isTlsTrustAll(),
                "The keys to verify tokens with could be anybody's: leave smallrye.jwt.client.tls.trust-all unset.");
        refuseIf(
                !"Authorization".equals(tokens.getTokenHeader()),
                "Tokens are taken from the header Authorization only, since any page can send a cookie: leave"
                        + " mp.jwt.token.header unset.");
        refuseIf(
                tokens.getDefaultSubjectClaim() != null || tokens.getDefaultGroupsClaim() != null,
                "A token that names nobody, or no role, would get one: leave smallrye.jwt.claims.sub and"
                        + " smallrye.jwt.claims.groups unset.");
    }

    private void checkSecrets() {
        refuseIf(
                reservations.idSecrets().orElse(List.of()).contains(DEVELOPMENT_SECRET),
                "Reservation ids would be sealed with a secret that everybody can read: set"
                        + " flashstock.reservations.id-secrets to random bytes (openssl rand -base64 48).");
        if (reservations.shopperConfirms()) {
            LOG.warn("Shoppers may confirm their own reservations, paid or not: is that wanted?"
                    + " flashstock.reservations.shopper-confirms=true");
        }
    }

    private static void refuseIf(boolean unsafe, String why) {
        if (unsafe) {
            throw new ConfigurationException(why);
        }
    }
}
