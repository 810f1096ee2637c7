package dev.flashstock.it;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

/**
 * How long what was packaged takes from its start until it is ready, with table and queue, and the memory that it has
 * then: as in the image, on Linux. Where there is an AOT cache, with and without it by turns. After {@code ./mvnw verify
 * -Dquick -Daot -DskipITs=false -Dit.test=SaleIT,FuzzIT -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false}: {@code
 * ./mvnw failsafe:integration-test -Dit.test=StartBenchmark}
 */
class StartBenchmark {
    private static final int ROUNDS = 11;

    private record Measured(double seconds, double megabytes) {}

    @Test
    void untilItIsReady() throws IOException, InterruptedException {
        Map<String, List<String>> ways = new LinkedHashMap<>();
        ways.put(Packaged.isNative() ? "native executable" : "jar", List.of("-XX:AOTMode=off"));
        if (Packaged.hasAotCache()) {
            ways.put("jar with AOT cache", List.of("-XX:AOTMode=on"));
        }
        Map<String, List<Measured>> measured = new LinkedHashMap<>();
        try (OwnBackends backends = new OwnBackends("start")) {
            for (int round = 0; round < ROUNDS; round++) {
                for (Map.Entry<String, List<String>> way : ways.entrySet()) {
                    try (Start start = Start.of(Packaged.asInTheImage(way.getValue(), backends.settings()))) {
                        double seconds = start.awaitReady().toMillis() / 1_000.0;
                        measured.computeIfAbsent(way.getKey(), name -> new ArrayList<>())
                                .add(new Measured(seconds, start.residentMegabytes()));
                    }
                }
            }
        }
        System.out.printf("%-20s %12s %12s%n", "median of " + ROUNDS, "ready, s", "resident, MB");
        measured.forEach((way, all) -> System.out.printf(
                "%-20s %12.2f %12.0f%n", way, median(all, Measured::seconds), median(all, Measured::megabytes)));
    }

    private static double median(List<Measured> of, ToDoubleFunction<Measured> figure) {
        return of.stream()
                .mapToDouble(figure)
                .sorted()
                .skip(of.size() / 2)
                .findFirst()
                .orElseThrow();
    }
}
