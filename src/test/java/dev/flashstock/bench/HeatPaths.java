package dev.flashstock.bench;

import dev.flashstock.dynamodb.Subjects;
import dev.flashstock.heat.ClusterHeat;
import dev.flashstock.heat.Diagnosis;
import dev.flashstock.heat.Heat;
import dev.flashstock.heat.Key;
import dev.flashstock.heat.PartitionLimits;
import dev.flashstock.heat.Throttle.Access;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What it costs to count heat. Public, and not final, for the code that JMH generates. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@State(Scope.Benchmark)
public class HeatPaths {
    private static final int KEYS = 1 << 16;

    private final Heat heat = new Heat(System::nanoTime);
    private final ClusterHeat cluster =
            new ClusterHeat(() -> List.of(heat.now()), Subjects::of, PartitionLimits.OF_DYNAMODB);

    /** Every other one is the same; the rest are many. */
    private final Key[] keys = IntStream.range(0, KEYS)
            .mapToObj(i -> Key.ofTable(i % 2 == 0 ? "STOCK#console#0" : "USER#user-" + i))
            .toArray(Key[]::new);

    private int next;

    private Key key() {
        return keys[next++ & (KEYS - 1)];
    }

    @Benchmark
    public void countARead() {
        Key key = key();
        heat.asked(key);
        heat.drew(key, Access.READ, 1);
    }

    /** What one process does each second: once to tell the others, once to keep layouts. */
    @Benchmark
    public Diagnosis diagnose() {
        for (int i = 0; i < 1_000; i++) {
            countARead();
        }
        return cluster.diagnosis();
    }
}
