package dev.flashstock.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens for a cluster on a desk are such as its settings ask for. */
class LocalTokenTest {
    private static final Path LOCAL = Rendering.K8S.resolve("overlays/local");

    @TempDir
    Path directory;

    @Test
    void aTokenIsSignedAndNamesWhatTheSettingsWant() throws Exception {
        // Given
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair keys = generator.generateKeyPair();
        Path key = directory.resolve("private.pem");
        Files.writeString(
                key,
                "-----BEGIN PRIVATE KEY-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'})
                                .encodeToString(keys.getPrivate().getEncoded())
                        + "\n-----END PRIVATE KEY-----\n");

        // When
        String[] token = token(key).split("\\.");

        // Then
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initVerify(keys.getPublic());
        signature.update((token[0] + "." + token[1]).getBytes(UTF_8));
        assertThat(signature.verify(Base64.getUrlDecoder().decode(token[2]))).isTrue();
        Properties settings = settings();
        JsonNode claims = new ObjectMapper().readTree(Base64.getUrlDecoder().decode(token[1]));
        assertThat(claims.path("iss").asText()).isEqualTo(settings.getProperty("MP_JWT_VERIFY_ISSUER"));
        assertThat(claims.path("aud").asText()).isEqualTo(settings.getProperty("MP_JWT_VERIFY_AUDIENCES"));
        assertThat(claims.path("sub").asText()).isEqualTo("alice");
        assertThat(claims.at("/groups/0").asText()).isEqualTo("admin");
        assertThat(Instant.ofEpochSecond(claims.path("exp").asLong())).isAfter(Instant.now());
    }

    private static Properties settings() throws IOException {
        Properties settings = new Properties();
        try (var reader = Files.newBufferedReader(LOCAL.resolve("local.env"))) {
            settings.load(reader);
        }
        return settings;
    }

    private static String token(Path key) throws IOException, InterruptedException {
        Process script = new ProcessBuilder(LOCAL.resolve("token.sh").toString(), key.toString(), "alice", "admin")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String token = new String(script.getInputStream().readAllBytes(), UTF_8).strip();
        assertThat(script.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(script.exitValue()).isZero();
        return token;
    }
}
