package dev.flashstock.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged application does not start without what it needs, and says in one line what that is. */
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
        return lines.get(0);
    }
}
