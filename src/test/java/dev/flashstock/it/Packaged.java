package dev.flashstock.it;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What was packaged: the native executable where there is one, else the jar. */
final class Packaged {
    /** What an instance has at most, also when it is overloaded. */
    private static final int HEAP_MEGABYTES = 256;

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

    /** Made while the integration tests ran, if the build was asked for one. */
    static boolean hasAotCache() {
        return Files.isRegularFile(aotCache());
    }

    /** The command of the image ({@code src/main/docker}); all settings come from the environment. */
    static List<String> asInTheImage(boolean withAotCache) {
        if (isNative()) {
            return List.of(executable().toString(), "-Xmx" + HEAP_MEGABYTES + "m");
        }
        List<String> command = new ArrayList<>(List.of(java(), "-Xmx" + HEAP_MEGABYTES + "m"));
        if (withAotCache) {
            command.add("-XX:AOTCache=" + aotCache());
        }
        command.addAll(List.of(
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-jar",
                JAR.toString()));
        return command;
    }

    private static Path aotCache() {
        return JAR.resolveSibling("app.aot");
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
