package dev.flashstock.identity;

import io.smallrye.jwt.auth.principal.AbstractKeyLocationResolver;
import io.smallrye.jwt.auth.principal.JWTAuthContextInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jose4j.http.Get;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.lang.JoseException;
import org.jose4j.lang.UnresolvableKeyException;

/**
 * The provider's JSON Web Key Set (RFC 7517), asked for once and without retries. Certificates and proxies are SmallRye
 * JWT's own settings: {@code smallrye.jwt.client.tls.*} and {@code smallrye.jwt.http.proxy.*}.
 */
public final class Jwks extends AbstractKeyLocationResolver implements KeySource {
    /** The longest answer, in characters: some hundreds of keys. */
    private static final int MAX_CHARACTERS = 256 * 1024;

    private final String location;
    private final Get http = new Get();

    /**
     * Asks nothing yet.
     *
     * @param tokens tells the location, a URL
     * @param timeout for the connection, and for each part of the answer
     * @throws IOException when a certificate that is named in the settings cannot be read
     * @throws UnresolvableKeyException never, but the base class says so
     */
    public Jwks(JWTAuthContextInfo tokens, Duration timeout) throws IOException, UnresolvableKeyException {
        super(tokens);
        this.location = tokens.getPublicKeyLocation();
        http.setConnectTimeout((int) timeout.toMillis());
        http.setReadTimeout((int) timeout.toMillis());
        http.setRetries(0);
        http.setResponseBodySizeLimit(MAX_CHARACTERS);
        initializeHttpsJwks(location);
    }

    /** What the base class gives its certificates and proxy. */
    @Override
    protected Get getHttpGet() {
        return http;
    }

    @Override
    public List<JsonWebKey> read() throws IOException, JoseException {
        return new JsonWebKeySet(http.get(location).getBody()).getJsonWebKeys();
    }
}
