package dev.flashstock.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.flashstock.dynamodb.DynamoDbSetup;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** The packaged application does not start without what it needs, and says in one line what that is. */
@Tag("long")
class StartupIT {
    private static final int PATIENCE_SECONDS = 90;

    private final Map<String, String> settings = new HashMap<>(EmbeddedBackends.configuration());

    @TempDir
    Path directory;

    @Test
    void a_missing_key_is_named() throws Exception {
        // Given
        settings.remove("mp.jwt.verify.publickey");

        // When
        String said = startInVain();

        // Then
        assertThat(said).startsWith("No key to verify tokens with: set mp.jwt.verify.publickey.location");
    }

    @Test
    void a_missing_secret_is_named() throws Exception {
        // Given
        settings.remove("flashstock.reservations.id-secrets");

        // When
        String said = startInVain();

        // Then
        assertThat(said).startsWith("No secret to seal reservation ids with: set flashstock.reservations.id-secrets");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mp.jwt.verify.issuer | | Tokens of any issuer would be believed: set mp.jwt.verify.issuer",
                "mp.jwt.verify.audiences | | Tokens for any other service would be believed: set mp.jwt.verify.audiences",
                "mp.jwt.verify.publickey.location | http://issuer.example/jwks | The keys to verify tokens with could be"
                        + " replaced on their way: set mp.jwt.verify.publickey.location",
                "mp.jwt.verify.publickey.algorithm | HS256 | Tokens could be signed by whoever can verify them:",
                "mp.jwt.verify.publickey.location | /no/such/file | Tokens cannot be verified:",
                "flashstock.reservations.id-secrets | only-for-development-and-for-tests | Reservation ids would be"
                        + " sealed with a secret that everybody can read: set flashstock.reservations.id-secrets"
            })
    void what_is_not_safe_is_named(String key, String unsafe, String why) throws Exception {
        // Given
        settings.remove(key);
        if (unsafe != null) {
            settings.put(key, unsafe);
        }
        if (key.equals("mp.jwt.verify.publickey.location")) {
            settings.remove("mp.jwt.verify.publickey");
        }

        // When
        String said = startInVain();

        // Then
        assertThat(said).startsWith(why);
    }

    @ParameterizedTest
    @CsvSource({
        "flashstock.limits.user.burst, 0, There are 1 to 1000000 requests at once",
        "flashstock.limits.address.every, 2h, There is one more every PT0.001S to PT1H"
    })
    void limits_that_cannot_be_kept_are_named(String key, String value, String why) throws Exception {
        // Given
        settings.put(key, value);

        // When
        String said = startInVain();

        // Then
        assertThat(said).startsWith("Callers cannot be limited: " + why + ". Set flashstock.limits.user");
    }

    @Test
    void a_missing_redis_is_named() throws Exception {
        // Given
        settings.remove("quarkus.redis.hosts");

        // When
        String said = startInVain();

        // Then
        assertThat(said).startsWith("No Redis to remember totals in: set quarkus.redis.hosts");
    }

    @Test
    void a_missing_region_is_named() throws Exception {
        // Given
        settings.remove("quarkus.dynamodb.aws.region");

        // When
        String said = startInVain();

        // Then
        assertThat(said).contains("no AWS region is known. Set AWS_REGION or quarkus.dynamodb.aws.region.");
    }

    @Test
    void a_missing_table_is_named_with_the_way_to_make_it() throws Exception {
        // Given
        settings.put("flashstock.provision", "false");
        settings.put("flashstock.dynamodb.table", "missing-" + UUID.randomUUID());

        // When
        String said = startInVain();

        // Then
        assertThat(said)
                .isEqualTo(
                        "The DynamoDB table '" + settings.get("flashstock.dynamodb.table")
                                + "' cannot be used: it does not exist. Create it, or start once with flashstock.provision=true.");
    }

    @Test
    void a_table_that_cannot_be_followed_is_named_with_what_to_do() throws Exception {
        // Given
        String table = "without-a-stream-" + UUID.randomUUID();
        settings.put("flashstock.provision", "false");
        settings.put("flashstock.dynamodb.table", table);
        settings.put("flashstock.totals.source", "summary");
        try (DynamoDbAsyncClient client = dynamoDb()) {
            new DynamoDbSetup(client, table).provision().await().atMost(Duration.ofMinutes(1));
        }

        // When
        String said = startInVain();

        // Then
        assertThat(said)
                .isEqualTo(
                        "The DynamoDB table '" + table + "' cannot be followed: it has no stream. Switch it on with the"
                                + " view type NEW_IMAGE, start once with flashstock.provision=true, or set"
                                + " flashstock.totals.source=shards.");
    }

    private DynamoDbAsyncClient dynamoDb() {
        return DynamoDbAsyncClient.builder()
                .endpointOverride(URI.create(settings.get("quarkus.dynamodb.endpoint-override")))
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .build();
    }

    @Test
    void a_summary_that_may_be_too_old_is_named() throws Exception {
        // Given
        settings.put("flashstock.totals.max-behind", "1h");

        // When
        String said = startInVain();

        // Then
        assertThat(said).isEqualTo("flashstock.totals.max-behind cannot be 1h: set it to 10s at least and 5m at most.");
    }

    @Test
    void a_queue_out_of_reach_is_named() throws Exception {
        // Given
        settings.put("quarkus.sqs.endpoint-override", "http://127.0.0.1:1");

        // When
        String said = startInVain();

        // Then
        assertThat(said)
                .startsWith("The SQS queue 'flashstock-reservations' cannot be made: ")
                .contains("Check the settings quarkus.sqs.*");
    }

    @Test
    void an_endpoint_of_dax_that_is_none_is_named() throws Exception {
        assumeFalse(Packaged.isNative(), "the native executable has no DAX at all");
        // Given
        settings.put("flashstock.dax.endpoint", "cluster.example:8111");

        // When
        String said = startInVain();

        // Then
        assertThat(said)
                .isEqualTo("DAX cannot be used: An endpoint is dax://host or daxs://host, perhaps with a port, and not"
                        + " 'cluster.example:8111'. Set flashstock.dax.endpoint, or leave it unset.");
    }

    @Test
    void the_native_executable_does_without_dax() throws Exception {
        assumeTrue(Packaged.isNative());
        // Given
        settings.put("flashstock.dax.endpoint", "dax://cluster.example");

        // When
        String said = startInVain();

        // Then
        assertThat(said).startsWith("DAX cannot be used by the native executable");
    }

    /** Starts the application with the settings, waits for its end, and returns the one line that it printed. */
    private String startInVain() throws IOException, InterruptedException {
        Path output = directory.resolve("output");
        Process process = new ProcessBuilder(Packaged.command(settings))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as("ended by itself")
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        List<String> lines = Files.readAllLines(output).stream()
                .filter(line -> !line.startsWith("WARNING: ")) // what a JDK says of its own
                .toList();
        assertThat(process.exitValue()).isNotZero();
        assertThat(lines).hasSize(1);
        assertThat(lines.get(0)).doesNotContain(EmbeddedBackends.SECRET);
        return lines.get(0);
    }
}
