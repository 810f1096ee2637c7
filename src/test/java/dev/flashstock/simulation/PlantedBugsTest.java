package dev.flashstock.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The bugs of {@code src/test/bugs} can still be planted; that tests see them is shown by {@code check.sh} there. */
class PlantedBugsTest {
    private static final Path BUGS = Path.of("src", "test", "bugs");

    @Test
    void everyBugOfTheListIsThere() throws IOException {
        assertThat(patches())
                .extracting(it -> it.getFileName().toString())
                .contains(
                        "shard-without-condition.patch",
                        "reservation-without-condition.patch",
                        "reservation-twice-in-a-commit.patch",
                        "queued-requests-unsigned.patch",
                        "sold-out-at-one-look.patch",
                        "token-of-another-commit.patch");
    }

    @ParameterizedTest
    @MethodSource("patches")
    void itsPatchApplies(Path patch) throws IOException, InterruptedException {
        Process git;
        try {
            git = new ProcessBuilder("git", "apply", "--check", patch.toString())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            assumeTrue(false, "No git here, so that planted bugs were not tried: " + e.getMessage());
            return;
        }
        String output = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(git.waitFor()).as(output).isZero();
    }

    @ParameterizedTest
    @MethodSource("patches")
    void itsTestIsThere(Path patch) throws IOException, ClassNotFoundException {
        String test = Files.readAllLines(patch).stream()
                .filter(line -> line.startsWith("Test: "))
                .findFirst()
                .orElseThrow()
                .substring("Test: ".length());
        int hash = test.indexOf('#');

        assertThat(methods(Class.forName(test.substring(0, hash)))).contains(test.substring(hash + 1));
    }

    /** Inherited ones too. */
    private static List<String> methods(Class<?> test) {
        return Stream.<Class<?>>iterate(test, it -> it != null, Class::getSuperclass)
                .flatMap(it -> Arrays.stream(it.getDeclaredMethods()))
                .map(Method::getName)
                .toList();
    }

    static Stream<Path> patches() throws IOException {
        try (Stream<Path> files = Files.list(BUGS)) {
            return files.filter(it -> it.toString().endsWith(".patch")).sorted().toList().stream();
        }
    }
}
