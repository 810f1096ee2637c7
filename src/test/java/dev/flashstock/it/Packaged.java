package dev.flashstock.it;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What was packaged: the native executable where there is one, else the jar. */
final class Packaged {
    /** What an instance has at most, also when it is overloaded. */
    private static final int HEAP_MEGABYTES = 256;

    private static final Pattern ENTRYPOINT =
            Pattern.compile("^ENTRYPOINT (\\[.*?])$", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern NOT_IN_A_NAME = Pattern.compile("[^A-Za-z0-9]");
    private static final Path JAR = Path.of("target", "quarkus-app", "quarkus-run.jar");

    private Packaged() {}

    private static Path executable() {
        return Path.of(System.getProperty("native.image.path"));
    }

    static boolean isNative() {
        return Files.isExecutable(executable());
    }

    /** The command that starts it, on a free port. */
    static List<String> command(Map<String, String> settings) {
        List<String> command = new ArrayList<>();
        boolean isNative = isNative();
        command.add(isNative ? executable().toString() : java());
        command.add("-Xmx" + HEAP_MEGABYTES + "m");
        if (!isNative) {
            // It lives for seconds, on cores that it shares: it is not worth optimising.
            command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        }
        settings.forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.add("-Dquarkus.http.port=0");
        if (!isNative) {
            command.add("-jar");
            command.add(JAR.toString());
        }
        return command;
    }

    /** Whether there is an AOT cache: it is made when the integration tests have ended, if the build was asked for one. */
    static boolean hasAotCache() {
        return Files.isRegularFile(JAR.resolveSibling("app.aot"));
    }

    /**
     * A start as in the image, whose command is read from its Dockerfile; the environment is empty but for the settings.
     *
     * @param options more of them for the JVM, which has an AOT cache: {@code -XX:AOTMode=on} ends it when it cannot use that
     */
    static ProcessBuilder asInTheImage(List<String> options, Map<String, String> settings) throws IOException {
        ProcessBuilder start;
        if (isNative()) {
            start = new ProcessBuilder(executable().toString(), "-Xmx" + HEAP_MEGABYTES + "m");
        } else {
            List<String> command = new ArrayList<>(entrypoint(Path.of("src", "main", "docker", "Dockerfile.jvm")));
            command.set(0, java());
            command.add(1, "-Xmx" + HEAP_MEGABYTES + "m");
            command.addAll(2, options);
            start = new ProcessBuilder(command)
                    .directory(JAR.toAbsolutePath().getParent().toFile());
        }
        start.environment().clear();
        settings.forEach((key, value) -> start.environment().put(variable(key), value));
        return start;
    }

    private static List<String> entrypoint(Path dockerfile) throws IOException {
        Matcher entrypoint = ENTRYPOINT.matcher(Files.readString(dockerfile));
        if (!entrypoint.find()) {
            throw new IllegalStateException(dockerfile + " has no ENTRYPOINT");
        }
        return List.of(new ObjectMapper().readValue(entrypoint.group(1).replace("\\\n", ""), String[].class));
    }

    /** The environment variable of a setting. */
    private static String variable(String key) {
        return NOT_IN_A_NAME.matcher(key).replaceAll("_").toUpperCase(Locale.ROOT);
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
