package dev.flashstock.local;

import io.quarkus.arc.profile.IfBuildProfile;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.AuthenticationRequest;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;

/**
 * Believes the header {@code X-User}: {@code admin} and {@code operator} have the roles of these names, anybody else
 * is a {@code shopper}.
 *
 * <p>Built into dev mode and tests only. A request with an {@code Authorization} header is left to the mechanism that
 * understands it, its {@code X-User} to the application. Whether the name can be a user's is for the API to judge;
 * without the header the caller is anonymous.
 */
@ApplicationScoped
@IfBuildProfile(anyOf = {"dev", "test"})
public class HeaderIdentity implements HttpAuthenticationMechanism {
    private static final String USER = "X-User";

    @Override
    public Uni<SecurityIdentity> authenticate(RoutingContext context, IdentityProviderManager providers) {
        String user = context.request().getHeader(USER);
        if (user == null || context.request().headers().contains(HttpHeaders.AUTHORIZATION)) {
            return Uni.createFrom().nullItem();
        }
        return Uni.createFrom().item(identity(user));
    }

    @Override
    public Uni<ChallengeData> getChallenge(RoutingContext context) {
        return Uni.createFrom().nullItem();
    }

    @Override
    public Set<Class<? extends AuthenticationRequest>> getCredentialTypes() {
        return Set.of();
    }

    private static SecurityIdentity identity(String user) {
        return QuarkusSecurityIdentity.builder()
                .setPrincipal(new QuarkusPrincipal(user))
                .addRole(role(user))
                .build();
    }

    private static String role(String user) {
        return switch (user) {
            case "admin", "operator" -> user;
            default -> "shopper";
        };
    }
}
