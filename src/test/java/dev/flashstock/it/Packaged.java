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
        command.add(
                isNative
                        ? executable().toString()
                        : Path.of(System.getProperty("java.home"), "bin", "java")
                                .toString());
        command.add("-Xmx" + HEAP_MEGABYTES + "m");
        if (!isNative) {
            // It lives for seconds, on cores that it shares: it is not worth optimising.
            command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        }
        settings.forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.add("-Dquarkus.http.port=0");
        if (!isNative) {
            command.add("-jar");
            command.add("target/quarkus-app/quarkus-run.jar");
        }
        return command;
    }
}
