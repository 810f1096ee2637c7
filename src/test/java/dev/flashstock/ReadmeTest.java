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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The lines of the README and of the documents, run as they stand, print what these say. */
@Tag("long")
@QuarkusTest
@TestProfile(ReadmeTest.AsInDevMode.class)
class ReadmeTest {
    private static final Pattern CONSOLE = Pattern.compile("```console\n(.*?)```", Pattern.DOTALL);
    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z");
    /** What a rehearsal measures is different each time, and so are the names of copies. */
    private static final Pattern MEASURED = Pattern.compile("rehearsal-[0-9a-f-]{36}|-?\\d+(\\.\\d+)?(E-?\\d+)?");

    private static final Pattern SPACES = Pattern.compile(" +");
    private static final Duration PATIENCE = Duration.ofMinutes(2);

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

    @ParameterizedTest
    @CsvSource({
        "README.md,10",
        "docs/local.md,4",
        "docs/bulk.md,3",
        "docs/books.md,8",
        "docs/layouts.md,3",
        "docs/diagnosis.md,4"
    })
    void the_lines_print_what_the_document_says(Path document, int atLeast) throws IOException {
        // Given
        List<Line> lines = lines(Files.readString(document));

        // When, Then
        assertThat(lines).hasSizeGreaterThanOrEqualTo(atLeast);
        for (Line line : lines) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(comparable(line, run(line.command())))
                            .as(line.command())
                            .isEqualTo(comparable(line, line.output())));
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

    private static String comparable(Line line, String output) {
        String timeless = TIME.matcher(output).replaceAll("TIME");
        return line.command().contains("/rehearsals")
                ? SPACES.matcher(MEASURED.matcher(timeless).replaceAll("N")).replaceAll(" ")
                : timeless;
    }
}
