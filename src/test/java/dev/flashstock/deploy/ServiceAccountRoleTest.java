package dev.flashstock.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;

/**
 * The AWS role of a service account: the default chain trades the token that EKS mounts for credentials, with STS (IRSA)
 * or the node's agent (Pod Identity).
 */
class ServiceAccountRoleTest {
    private static final List<String> PROPERTIES = List.of(
            "aws.configFile",
            "aws.containerAuthorizationTokenFile",
            "aws.containerCredentialsFullUri",
            "aws.endpointUrlSts",
            "aws.region",
            "aws.roleArn",
            "aws.roleSessionName",
            "aws.sharedCredentialsFile",
            "aws.webIdentityTokenFile");

    private static final String ANSWER = """
            <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
              <AssumeRoleWithWebIdentityResult>
                <Credentials>
                  <AccessKeyId>of-the-role</AccessKeyId>
                  <SecretAccessKey>secret</SecretAccessKey>
                  <SessionToken>session</SessionToken>
                  <Expiration>2099-01-01T00:00:00Z</Expiration>
                </Credentials>
              </AssumeRoleWithWebIdentityResult>
            </AssumeRoleWithWebIdentityResponse>
            """;

    @TempDir
    Path directory;

    @AfterEach
    void forget() {
        PROPERTIES.forEach(System::clearProperty);
    }

    @Test
    void theTokenIsTradedForTheRolesCredentials() throws Exception {
        // Given
        Path token = Files.writeString(directory.resolve("token"), "token-of-the-service-account");
        List<String> asked = new CopyOnWriteArrayList<>();
        HttpServer sts = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        sts.createContext("/", exchange -> {
            asked.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            exchange.sendResponseHeaders(200, ANSWER.length());
            exchange.getResponseBody().write(ANSWER.getBytes(UTF_8));
            exchange.close();
        });
        sts.start();
        // EKS sets the environment variables of the same names.
        System.setProperty(
                "aws.endpointUrlSts", "http://localhost:" + sts.getAddress().getPort());
        System.setProperty("aws.region", "eu-central-1");
        System.setProperty("aws.roleArn", "arn:aws:iam::111122223333:role/flashstock");
        System.setProperty("aws.roleSessionName", "flashstock");
        System.setProperty("aws.webIdentityTokenFile", token.toString());

        // When
        AwsCredentials credentials;
        try (DefaultCredentialsProvider chain =
                DefaultCredentialsProvider.builder().build()) {
            credentials = chain.resolveCredentials();
        } finally {
            sts.stop(0);
        }

        // Then
        assertThat(credentials.accessKeyId()).isEqualTo("of-the-role");
        assertThat(asked)
                .singleElement()
                .asString()
                .contains("AssumeRoleWithWebIdentity", "token-of-the-service-account", "role%2Fflashstock");
    }

    @Test
    void theAgentOfPodIdentityGivesTheRolesCredentials() throws Exception {
        // Given
        String answer = """
                {"AccessKeyId": "of-the-agent", "SecretAccessKey": "secret", "Token": "session",
                 "AccountId": "111122223333", "Expiration": "2099-01-01T00:00:00Z"}
                """;
        Path token = Files.writeString(directory.resolve("token"), "token-of-the-service-account");
        List<String> asked = new CopyOnWriteArrayList<>();
        HttpServer agent = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        agent.createContext("/v1/credentials", exchange -> {
            asked.add(exchange.getRequestHeaders().getFirst("Authorization"));
            exchange.sendResponseHeaders(200, answer.length());
            exchange.getResponseBody().write(answer.getBytes(UTF_8));
            exchange.close();
        });
        agent.start();
        System.setProperty(
                "aws.containerCredentialsFullUri",
                "http://localhost:" + agent.getAddress().getPort() + "/v1/credentials");
        System.setProperty("aws.containerAuthorizationTokenFile", token.toString());
        // A developer's own profile would come first.
        System.setProperty(
                "aws.sharedCredentialsFile", directory.resolve("none").toString());
        System.setProperty("aws.configFile", directory.resolve("none").toString());

        // When
        AwsCredentials credentials;
        try (DefaultCredentialsProvider chain =
                DefaultCredentialsProvider.builder().build()) {
            credentials = chain.resolveCredentials();
        } finally {
            agent.stop(0);
        }

        // Then
        assertThat(credentials.accessKeyId()).isEqualTo("of-the-agent");
        assertThat(asked).containsExactly("token-of-the-service-account");
    }
}
