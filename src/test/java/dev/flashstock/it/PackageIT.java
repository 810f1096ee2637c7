package dev.flashstock.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/** What is shipped holds nothing of the embedded backends. */
class PackageIT {
    private static final Path PACKAGE = Path.of("target", "quarkus-app");

    /** Parts of the names of what the embedded backends bring along. */
    private static final List<String> EMBEDDED = List.of(
            "dynamodblocal",
            "elasticmq",
            "embedded-redis",
            "redis-server",
            "pekko",
            "scala",
            "jetty",
            "antlr",
            "sqlite",
            "kotlin",
            "log4j");

    @Test
    void noJarOfAnEmbeddedBackendIsPackaged() throws IOException {
        // When
        List<String> files;
        try (Stream<Path> tree = Files.walk(PACKAGE)) {
            files = tree.filter(Files::isRegularFile)
                    .map(file -> PACKAGE.relativize(file).toString())
                    .toList();
        }

        // Then
        assertThat(files).filteredOn(file -> file.endsWith(".jar")).hasSizeGreaterThan(100);
        assertThat(files).anyMatch(file -> file.contains("software.amazon.awssdk.dynamodb-"));
        assertThat(files).noneMatch(file -> EMBEDDED.stream().anyMatch(file.toLowerCase(Locale.ROOT)::contains));
    }

    @Test
    void ofOurOwnOnlyTheInertConfigSourceIsPackaged() throws IOException {
        // When
        List<String> entries;
        try (Stream<Path> app = Files.list(PACKAGE.resolve("app"));
                JarFile jar = new JarFile(app.filter(file -> file.toString().endsWith(".jar"))
                        .findFirst()
                        .orElseThrow()
                        .toFile())) {
            entries = jar.stream().map(ZipEntry::getName).toList();
        }

        // Then
        assertThat(entries)
                .filteredOn(entry -> entry.startsWith("dev/flashstock/local/") && entry.endsWith(".class"))
                .containsExactly("dev/flashstock/local/LocalConfigSourceFactory.class");
    }
}
