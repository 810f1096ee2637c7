package dev.flashstock.it;

import static dev.flashstock.identity.IdentityProvider.newKey;
import static dev.flashstock.identity.IdentityProvider.token;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flashstock.identity.IdentityProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.jose4j.jwk.RsaJsonWebKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The packaged application and an identity provider whose keys are at a URL, and who is not there at first. */
class IdentityIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final OwnBackends backends = new OwnBackends("identity");
    private final Map<String, String> settings = backends.settings();
    private final Instance instance = new Instance("identity", settings);
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void end() throws InterruptedException {
        instance.close();
        backends.close();
    }

    @Test
    void it_serves_without_its_identity_provider_and_believes_tokens_as_soon_as_that_answers() throws Exception {
        // Given
        int port = freePort();
        settings.remove("mp.jwt.verify.publickey");
        settings.putAll(IdentityProvider.settings(URI.create("http://127.0.0.1:" + port + "/jwks")));
        settings.put("flashstock.identity.least-interval", "100ms");
        RsaJsonWebKey stranger = newKey();
        String refused = token(stranger, "mallory", "admin");

        // When
        instance.start();

        // Then
        assertThat(status("/products")).isEqualTo(200);
        assertThat(status("/reservations")).isEqualTo(401);
        assertThat(status("/diagnosis", "X-User", "admin")).isEqualTo(401);
        assertThat(status("/reservations", "X-User", "alice")).isEqualTo(401);
        assertThat(statusFor("/reservations", refused)).isEqualTo(503);

        try (IdentityProvider provider = new IdentityProvider(port)) {
            // When
            String believed = token(provider.publishKey(), "boss", "admin");
            await().atMost(PATIENCE).until(() -> statusFor("/diagnosis", believed) == 200);

            // Then
            await().atMost(PATIENCE).until(() -> statusFor("/diagnosis", refused) == 401);
            assertThat(statusFor("/reservations", believed)).isEqualTo(403);
            String log = Files.readString(instance.log());
            assertThat(log).contains("Keys of the identity provider not read");
            assertThat(Stream.of(believed, refused).flatMap(token -> Stream.of(token.split("\\."))))
                    .noneMatch(log::contains);
            assertThat(log).doesNotContain(settings.get("flashstock.reservations.id-secrets"), stranger.getKeyId());
        }
    }

    private int statusFor(String path, String token) throws IOException, InterruptedException {
        return status(path, "Authorization", "Bearer " + token);
    }

    private int status(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(instance.base().resolve(path)).timeout(PATIENCE);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
