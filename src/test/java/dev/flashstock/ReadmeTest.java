package dev.flashstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The README's lines, run as they stand, print what it says. */
@QuarkusTest
@TestProfile(ReadmeTest.AsInDevMode.class)
class ReadmeTest {
    private static final Pattern CONSOLE = Pattern.compile("```console\n(.*?)```", Pattern.DOTALL);
    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TestHTTPResource("/")
    URI base;

    /** What dev mode sets, and a table of its own: the README begins with an empty one. */
    public static class AsInDevMode implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            String name = "readme-" + UUID.randomUUID();
            return Map.of(
                    "flashstock.reservations.shopper-confirms",
                    "true",
                    "flashstock.dynamodb.table",
                    name,
                    "flashstock.sqs.queue",
                    name,
                    "flashstock.sqs.dead-letter-queue",
                    name + "-dead",
                    "flashstock.redis.key-prefix",
                    name + ":");
        }
    }

    private record Line(String command, String output) {}

    @BeforeEach
    void needsCurl() {
        boolean found = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(directory -> Path.of(directory, "curl").toFile().canExecute());
        if (!found) {
            System.out.println("ReadmeTest is skipped: no curl on the PATH");
        }
        assumeTrue(found, "no curl on the PATH");
    }

    @Test
    void the_lines_print_what_the_readme_says() throws IOException {
        // Given
        List<Line> lines = lines(Files.readString(Path.of("README.md")));

        // When, Then
        assertThat(lines).hasSizeGreaterThan(5);
        for (Line line : lines) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(withoutTimes(run(line.command())))
                            .as(line.command())
                            .isEqualTo(withoutTimes(line.output())));
        }
    }

    private static List<Line> lines(String readme) {
        List<Line> lines = new ArrayList<>();
        Matcher blocks = CONSOLE.matcher(readme);
        while (blocks.find()) {
            for (String entry : blocks.group(1).split("(?m)^\\$ ")) {
                if (!entry.isBlank()) {
                    String[] parts = entry.split("\n", 2);
                    lines.add(new Line(parts[0], parts[1].strip()));
                }
            }
        }
        return lines;
    }

    private String run(String command) throws IOException {
        Process shell = new ProcessBuilder("sh", "-c", command.replace("localhost:8080", base.getAuthority()))
                .redirectErrorStream(true)
                .start();
        return new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    }

    private static String withoutTimes(String text) {
        return TIME.matcher(text).replaceAll("TIME");
    }
}
