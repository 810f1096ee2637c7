package dev.flashstock.api;

import dev.flashstock.stock.UserId;
import io.netty.util.NetUtil;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.identity.SecurityIdentity;
import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.HexFormat;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.jspecify.annotations.Nullable;

/** Who calls, and for whom. */
@RequestScoped
public class Caller {
    static final String FOR_USER = "X-User";

    private final SecurityIdentity identity;
    private static final int NETWORK_BYTES = 8;

    private final HttpHeaders headers;
    private final HttpServerRequest request;

    Caller(SecurityIdentity identity, HttpHeaders headers, HttpServerRequest request) {
        this.identity = identity;
        this.headers = headers;
        this.request = request;
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

    /**
     * From where the caller comes: an IPv4 address, or the first 64 bits of an IPv6 address, which is what one customer has.
     *
     * @return the address, of the client if the proxy that it comes by is trusted ({@code quarkus.http.proxy.*})
     */
    String network() {
        String address = request.remoteAddress().host();
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(address);
        return bytes != null && bytes.length > NETWORK_BYTES
                ? HexFormat.ofDelimiter(":").formatHex(bytes, 0, NETWORK_BYTES)
                : address;
    }

    boolean isService() {
        return identity.hasRole(Roles.SERVICE);
    }

    private static UserId user(String field, @Nullable String value) {
        return BadInput.parsed(field, "Shape", BadInput.required(field, value), UserId::new);
    }
}
