package dev.flashstock.identity;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.HmacKey;
import org.jose4j.lang.JoseException;

/** An identity provider on loopback: it signs tokens, publishes its keys over HTTP, withdraws them, and is out of order. */
public final class IdentityProvider implements AutoCloseable {
    public static final String ISSUER = "https://identity.example";
    public static final String AUDIENCE = "flashstock";

    private static final int RSA_BITS = 2048;
    private static final int LIFETIME_MINUTES = 10;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, RsaJsonWebKey> published = new ConcurrentHashMap<>();
    private final AtomicInteger readings = new AtomicInteger();
    private volatile int status = 200;
    private volatile String garbage = "";

    public IdentityProvider() throws IOException {
        this(0);
    }

    /** At a port that was free a moment ago. */
    public IdentityProvider(int port) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(threads);
        server.createContext("/jwks", this::tellKeys);
        server.start();
    }

    private void tellKeys(HttpExchange exchange) throws IOException {
        readings.incrementAndGet();
        String keys =
                new JsonWebKeySet(List.copyOf(published.values())).toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY);
        byte[] body = (garbage.isEmpty() ? keys : garbage).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    /** Where its keys are. */
    public URI location() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/jwks");
    }

    /** What the service is to be told of it. */
    public Map<String, String> settings() {
        return settings(location());
    }

    public static Map<String, String> settings(URI location) {
        return Map.of(
                "mp.jwt.verify.publickey.location",
                location.toString(),
                "mp.jwt.verify.issuer",
                ISSUER,
                "mp.jwt.verify.audiences",
                AUDIENCE);
    }

    /** How often its keys were asked for. */
    public int readings() {
        return readings.get();
    }

    /** From now on it answers with a status; 200 is in order. */
    public void answer(int newStatus) {
        status = newStatus;
    }

    /** From now on it answers this, and no keys; nothing: in order. */
    public void say(String newGarbage) {
        garbage = newGarbage;
    }

    // Keys

    /** A new key that is not published. */
    public static RsaJsonWebKey newKey() {
        try {
            RsaJsonWebKey key = RsaJwkGenerator.generateJwk(RSA_BITS);
            key.setKeyId(UUID.randomUUID().toString());
            return key;
        } catch (JoseException e) {
            throw new IllegalStateException("Every JDK has RSA", e);
        }
    }

    /** A new key, published. */
    public RsaJsonWebKey publishKey() {
        RsaJsonWebKey key = newKey();
        published.put(key.getKeyId(), key);
        return key;
    }

    public void withdraw(RsaJsonWebKey key) {
        published.remove(key.getKeyId());
    }

    // Tokens

    /** What a token says that is in order. */
    public static JwtClaims claims(String subject, String... roles) {
        JwtClaims claims = new JwtClaims();
        claims.setIssuer(ISSUER);
        claims.setAudience(AUDIENCE);
        claims.setIssuedAt(NumericDate.now());
        claims.setExpirationTimeMinutesInTheFuture(LIFETIME_MINUTES);
        claims.setSubject(subject);
        claims.setStringListClaim("groups", roles);
        return claims;
    }

    public static String token(RsaJsonWebKey key, String subject, String... roles) {
        return token(key, claims(subject, roles).toJson());
    }

    /** Whatever it says, signed. */
    public static String token(RsaJsonWebKey key, String payload) {
        JsonWebSignature token = saying(payload, "RS256", key.getKeyId());
        token.setKey(key.getPrivateKey());
        return serialized(token);
    }

    /** Signed by nobody. */
    public static String unsigned(RsaJsonWebKey key, String payload) {
        JsonWebSignature token = saying(payload, "none", key.getKeyId());
        token.setAlgorithmConstraints(AlgorithmConstraints.NO_CONSTRAINTS);
        return serialized(token);
    }

    /** Signed with what everybody knows: the public key, as if it were a secret. */
    public static String signedWithThePublicKey(RsaJsonWebKey key, String payload) {
        JsonWebSignature token = saying(payload, "HS256", key.getKeyId());
        token.setKey(new HmacKey(key.getPublicKey().getEncoded()));
        return serialized(token);
    }

    private static JsonWebSignature saying(String payload, String algorithm, String kid) {
        JsonWebSignature token = new JsonWebSignature();
        token.setPayload(payload);
        token.setAlgorithmHeaderValue(algorithm);
        token.setKeyIdHeaderValue(kid);
        token.setHeader("typ", "JWT");
        return token;
    }

    private static String serialized(JsonWebSignature token) {
        try {
            return token.getCompactSerialization();
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
