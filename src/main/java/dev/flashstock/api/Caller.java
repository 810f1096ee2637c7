package dev.flashstock.api;

import dev.flashstock.stock.UserId;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.core.HttpHeaders;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jspecify.annotations.Nullable;

/** Who calls, and for whom. */
@RequestScoped
public class Caller {
    static final String FOR_USER = "X-User";

    private final SecurityIdentity identity;
    private final HttpHeaders headers;

    Caller(SecurityIdentity identity, HttpHeaders headers) {
        this.identity = identity;
        this.headers = headers;
    }

    /**
     * For whom the caller acts: a shopper for itself, a service for the user that it names.
     *
     * @return the user
     */
    UserId user() {
        String named = headers.getHeaderString(FOR_USER);
        if (identity.hasRole(Roles.SERVICE)) {
            return user(FOR_USER, BadInput.required(FOR_USER, named));
        }
        UserId own = self();
        if (named != null && !named.equals(own.value())) {
            throw new ForbiddenException("Only a service names another user");
        }
        return own;
    }

    /**
     * Who calls.
     *
     * @return the token's subject
     */
    UserId self() {
        return identity.getPrincipal() instanceof JsonWebToken token
                ? user("sub", token.getSubject())
                : user(FOR_USER, identity.getPrincipal().getName());
    }

    boolean isService() {
        return identity.hasRole(Roles.SERVICE);
    }

    private static UserId user(String field, @Nullable String value) {
        return BadInput.parsed(field, "Shape", BadInput.required(field, value), UserId::new);
    }
}
