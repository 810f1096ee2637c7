package dev.flashstock.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/** What is shipped: nothing of the embedded backends, and all of it on the bill of materials. */
class PackageIT {
    private static final Path PACKAGE = Path.of("target", "quarkus-app");
    private static final Path BILL = Path.of("target", "flashstock-sbom.json");
    /** On the bill, and not among the jars: the page's charts, which are unpacked, and what only dev mode uses. */
    private static final List<String> NO_JARS =
            List.of("org.mvnpm.echarts-", "org.mvnpm.zrender-", "org.mvnpm.tslib-", "io.quarkus.quarkus-ide-launcher-");

    private static final Pattern CLASSIFIER = Pattern.compile("classifier=([^&]+)");

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

    @Test
    void theBillOfMaterialsNamesEveryJarAndNoOther() throws IOException {
        // When
        List<String> jars;
        try (Stream<Path> tree = Files.walk(PACKAGE.resolve("lib"))) {
            jars = tree.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .toList();
        }
        List<JsonNode> components = new ArrayList<>();
        new ObjectMapper().readTree(BILL.toFile()).path("components").forEach(components::add);

        // Then
        List<String> named = components.stream().map(PackageIT::jarOf).toList();
        assertThat(NO_JARS).allSatisfy(name -> assertThat(named).anyMatch(jar -> jar.startsWith(name)));
        assertThat(named)
                .filteredOn(jar -> NO_JARS.stream().noneMatch(jar::startsWith))
                .containsExactlyInAnyOrderElementsOf(jars);
        assertThat(components)
                .allSatisfy(component ->
                        assertThat(component.path("hashes")).as("%s", component).isNotEmpty());
    }

    /** As Quarkus names it. */
    private static String jarOf(JsonNode component) {
        Matcher classifier = CLASSIFIER.matcher(component.path("purl").asText());
        return component.path("group").asText()
                + "." + component.path("name").asText()
                + "-" + component.path("version").asText()
                + (classifier.find() ? "-" + classifier.group(1) : "")
                + ".jar";
    }
}
