package dev.flashstock.bench;

import dev.flashstock.sharding.Layout;
import dev.flashstock.simulation.PodsOnShards;
import dev.flashstock.simulation.PodsOnShards.Case;
import dev.flashstock.simulation.PodsOnShards.Choice;
import dev.flashstock.simulation.PodsOnShards.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * Up to 200 pods on up to 200 shards, on a virtual clock: the group commit's conflicts and its pace, without a machine that
 * is large enough. Writes {@code docs/benchmarks/scale.md} and its charts, the same each time.
 */
class ScaleBenchmark {
    private static final long SEED = 1;
    private static final List<Integer> PODS = List.of(1, 2, 5, 10, 20, 50, 100, 200);
    private static final List<Integer> SHARDS = List.of(10, 20, 50, 100, 200);
    private static final int ALWAYS_FULL = 0;
    private static final int PER_SECOND = 20_000;
    /** Where pods share ten shards: two fifths of what these bear with an owner each, less than with several. */
    private static final int TOGETHER_PER_SECOND = 4_000;

    private static final List<Integer> TOGETHER = List.of(5, 10, 12, 15, 20, 30, 50, 100, 200);
    private static final int FEW_SHARDS = 10;
    private static final List<Integer> AS_MANY = List.of(10, 50, 100, 200);
    /** As scale.md reckons, as advised for single writes, with pods of one shard beside pods of two, and all there can be. */
    private static final List<Case> SCALES = List.of(
            new Case(5, 10, Choice.OWNED, 10_000),
            new Case(5, 26, Choice.OWNED, 10_000),
            new Case(50, 50, Choice.OWNED, 100_000),
            new Case(42, 67, Choice.OWNED, 100_000),
            new Case(50, 250, Choice.OWNED, 100_000),
            new Case(200, Layout.MAX_SHARDS, Choice.OWNED, ALWAYS_FULL));

    private static final int MANY = 50;

    @Test
    void pods_on_shards() throws IOException, InterruptedException, ExecutionException {
        List<Case> cases = new ArrayList<>();
        for (int pods : PODS) {
            for (int shards : SHARDS) {
                cases.add(new Case(pods, shards, Choice.OWNED, ALWAYS_FULL));
                cases.add(new Case(pods, shards, Choice.OWNED, PER_SECOND));
            }
        }
        for (int pods : TOGETHER) {
            cases.add(new Case(pods, FEW_SHARDS, Choice.OWNED, TOGETHER_PER_SECOND));
            cases.add(new Case(pods, FEW_SHARDS, Choice.OWNED, ALWAYS_FULL));
        }
        for (int each : AS_MANY) {
            cases.add(new Case(each, each, Choice.RANDOM, PER_SECOND));
            cases.add(new Case(each, each, Choice.UNAWARE, PER_SECOND));
        }
        cases.addAll(SCALES);
        Map<Case, Result> results = run(cases.stream().distinct().toList());
        new ScaleReport(
                        PODS,
                        SHARDS,
                        PER_SECOND,
                        TOGETHER,
                        FEW_SHARDS,
                        TOGETHER_PER_SECOND,
                        AS_MANY,
                        SCALES,
                        SEED,
                        results)
                .write(Path.of("docs", "benchmarks"));
    }

    /** Each is alone with its clock and its seed, so that they may run side by side. */
    private static Map<Case, Result> run(List<Case> cases) throws InterruptedException, ExecutionException {
        PodsOnShards.run(
                cases.get(0), Duration.ZERO, Duration.ofMillis(1), SEED); // two at once would set Mutiny up twice
        ExecutorService two = Executors.newFixedThreadPool(2);
        try {
            Map<Case, Future<Result>> running = new LinkedHashMap<>();
            cases.forEach(it ->
                    running.put(it, two.submit(() -> PodsOnShards.run(it, warmUp(it), measured(it), SEED))));
            Map<Case, Result> results = new LinkedHashMap<>();
            for (Map.Entry<Case, Future<Result>> entry : running.entrySet()) {
                results.put(entry.getKey(), entry.getValue().get());
                System.out.println(entry.getKey() + ": " + results.get(entry.getKey()));
            }
            return results;
        } finally {
            two.shutdownNow();
        }
    }

    private static Duration warmUp(Case what) {
        return Duration.ofSeconds(isMuch(what) ? 1 : 2);
    }

    /** The more shards, the more is seen in a second; the fewer reservations, the longer until their tail is seen. */
    private static Duration measured(Case what) {
        if (what.perSecond() == TOGETHER_PER_SECOND) {
            return Duration.ofSeconds(20);
        }
        return Duration.ofSeconds(isMuch(what) ? 1 : 4);
    }

    private static boolean isMuch(Case what) {
        return what.perSecond() > PER_SECOND || (what.perSecond() == ALWAYS_FULL && what.shards() >= MANY);
    }
}
