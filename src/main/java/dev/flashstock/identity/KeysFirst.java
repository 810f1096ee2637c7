package dev.flashstock.identity;

import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.AuthenticationRequest;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.smallrye.jwt.auth.principal.JWTAuthContextInfo;
import io.smallrye.mutiny.Uni;
import io.vertx.core.Context;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import java.util.Set;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the provider's keys before a token is verified, so that nothing blocks while it is. Knows nobody itself: the
 * mechanism after it does. A token that cannot be believed anyway waits for nothing.
 */
@Singleton
public class KeysFirst implements HttpAuthenticationMechanism {
    private static final String BEARER = "Bearer ";

    private final JWTAuthContextInfo tokens;
    private final Instance<ProviderKeys> keys;

    KeysFirst(JWTAuthContextInfo tokens, Instance<ProviderKeys> keys) {
        this.tokens = tokens;
        this.keys = keys;
    }

    @Override
    public int getPriority() {
        return DEFAULT_PRIORITY + 1;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(RoutingContext context, IdentityProviderManager providers) {
        String header = context.request().getHeader(HttpHeaders.AUTHORIZATION);
        if (tokens.getPublicKeyLocation() == null
                || header == null
                || !header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return Uni.createFrom().nullItem();
        }
        return keysOf(header.substring(BEARER.length()), context).onItem().transform(now -> null);
    }

    private Uni<Void> keysOf(String token, RoutingContext context) {
        JsonWebSignature unverified = new JsonWebSignature();
        try {
            unverified.setCompactSerialization(token);
            String kid = unverified.getKeyIdHeaderValue();
            return keys.get().isKnown(kid) || !isAllowed(unverified.getAlgorithmHeaderValue())
                    ? Uni.createFrom().voidItem()
                    : settled(kid, context.vertx().getOrCreateContext());
        } catch (JoseException | ClassCastException e) { // no token: it is refused by who verifies it
            return Uni.createFrom().voidItem();
        }
    }

    /** Keys are read by a worker; the request goes on where it is. */
    private Uni<Void> settled(@Nullable String kid, Context loop) {
        return keys.get().settled(kid).emitOn(task -> loop.runOnContext(now -> task.run()));
    }

    private boolean isAllowed(@Nullable String algorithm) {
        return tokens.getSignatureAlgorithm().stream()
                .anyMatch(allowed -> allowed.getAlgorithm().equals(algorithm));
    }

    @Override
    public Uni<ChallengeData> getChallenge(RoutingContext context) {
        return Uni.createFrom().nullItem();
    }

    @Override
    public Set<Class<? extends AuthenticationRequest>> getCredentialTypes() {
        return Set.of();
    }
}
