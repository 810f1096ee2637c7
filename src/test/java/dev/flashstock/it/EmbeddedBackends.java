package dev.flashstock.it;

import dev.flashstock.local.LocalBackends;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.smallrye.jwt.build.Jwt;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Points the packaged application, which knows no embedded backend and no {@code X-User}, at the backends that run in
 * the test's JVM, and gives it a key whose tokens the tests sign.
 *
 * <p>For {@code @WithTestResource}, which leaves other classes alone: {@code @QuarkusTestResource} would reconfigure every
 * test. The backends end with that JVM, not with the test: further tests use the same.
 */
public class EmbeddedBackends implements QuarkusTestResourceLifecycleManager {
    /** The tests' own database is 1, dev mode's is 0. */
    private static final String REDIS_DATABASE = "2";

    static final String SECRET = "a-secret-of-the-tests-and-of-nobody-else";

    private static final String ISSUER = "https://issuer.example";
    private static final String AUDIENCE = "flashstock";
    /** Of a token: longer than all tests take. */
    private static final Duration LIFETIME = Duration.ofHours(2);

    private static final KeyPair KEYS = keys();

    @Override
    public Map<String, String> start() {
        return patient();
    }

    /** The embedded backends share the machine's cores with everything else, and may be slow. */
    static Map<String, String> patient() {
        Map<String, String> configuration = configuration();
        for (String client : List.of("quarkus.dynamodb", "quarkus.sqs")) {
            configuration.put(client + ".api-call-attempt-timeout", "10s");
            configuration.put(client + ".api-call-timeout", "30s");
        }
        return configuration;
    }

    static Map<String, String> configuration() {
        Map<String, String> configuration = new HashMap<>(new LocalBackends().apply(key -> false, REDIS_DATABASE));
        configuration.put("flashstock.provision", "true");
        // The embedded table is new, and its queries share the machine's cores.
        configuration.put("flashstock.expiry.look-back", "15m");
        // Tests ask often in few users' names, and the cores are shared: that event loops wait says nothing of the
        // service.
        configuration.put("flashstock.limits.user.burst", "100000");
        configuration.put("flashstock.limits.user.every", "1ms");
        configuration.put("flashstock.limits.behind", "5s");
        configuration.put("flashstock.reservations.id-secrets", SECRET);
        configuration.put(
                "mp.jwt.verify.publickey",
                Base64.getEncoder().encodeToString(KEYS.getPublic().getEncoded()));
        configuration.put("mp.jwt.verify.issuer", ISSUER);
        configuration.put("mp.jwt.verify.audiences", AUDIENCE);
        return configuration;
    }

    /** A bearer token that the application believes. */
    static String token(String subject, String... roles) {
        return Jwt.subject(subject)
                .groups(Set.of(roles))
                .expiresIn(LIFETIME)
                .issuer(ISSUER)
                .audience(AUDIENCE)
                .sign(KEYS.getPrivate());
    }

    private static KeyPair keys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has RSA", e);
        }
    }

    @Override
    public void stop() {
        // The JVM's end stops them.
    }
}
