package dev.flashstock.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.jwt.auth.principal.DefaultJWTParser;
import io.smallrye.jwt.auth.principal.JWTAuthContextInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens for a cluster on a desk are believed there, with the key as it is in the Secret. */
class LocalTokenTest {
    private static final Path LOCAL = Rendering.K8S.resolve("overlays/local");

    @TempDir
    Path directory;

    @Test
    void aTokenIsBelievedWithTheSettingsOfTheCluster() throws Exception {
        // Given
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair keys = generator.generateKeyPair();
        Path key = Files.writeString(directory.resolve("private.pem"), pem("PRIVATE", keys.getPrivate()));
        Properties settings = new Properties();
        try (var reader = Files.newBufferedReader(LOCAL.resolve("local.env"))) {
            settings.load(reader);
        }
        JWTAuthContextInfo believed = new JWTAuthContextInfo();
        believed.setPublicKeyContent(pem("PUBLIC", keys.getPublic()));
        believed.setIssuedBy(settings.getProperty("MP_JWT_VERIFY_ISSUER"));
        believed.setExpectedAudience(Set.of(settings.getProperty("MP_JWT_VERIFY_AUDIENCES")));

        // When
        String token = token(key);

        // Then
        JsonWebToken caller = new DefaultJWTParser(believed).parse(token);
        assertThat(caller.getSubject()).isEqualTo("ann");
        assertThat(caller.getGroups()).containsExactly("admin");
        assertThat(Instant.ofEpochSecond(caller.getExpirationTime()))
                .isBefore(Instant.now().plus(Duration.ofMinutes(61)));
    }

    private static String pem(String kind, Key key) {
        return "-----BEGIN " + kind + " KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded())
                + "\n-----END " + kind + " KEY-----\n";
    }

    private static String token(Path key) throws IOException, InterruptedException {
        Process script = new ProcessBuilder(LOCAL.resolve("token.sh").toString(), key.toString(), "ann", "admin")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String token = new String(script.getInputStream().readAllBytes(), UTF_8).strip();
        assertThat(script.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(script.exitValue()).isZero();
        return token;
    }
}
