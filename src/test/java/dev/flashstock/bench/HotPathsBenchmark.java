package dev.flashstock.bench;

import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** {@link HotPaths} in JMH, each in a fresh JVM that has none of Surefire's agents; about a minute in all. */
class HotPathsBenchmark {
    /** Without the option, a JVM that has it warns. */
    private static final String[] JMH_USES_UNSAFE =
            Runtime.version().feature() < 24 ? new String[0] : new String[] {"--sun-misc-unsafe-memory-access=allow"};

    @Test
    void whatARequestComputes() throws RunnerException {
        measure(HotPaths.class);
    }

    /** Measures the benchmarks of a class, and prints what they are. */
    static void measure(Class<?> benchmarks) throws RunnerException {
        var options = new OptionsBuilder()
                .include("^" + benchmarks.getName() + "\\.")
                .forks(1)
                .jvmArgs("-Xms256m", "-Xmx256m")
                .jvmArgsAppend(JMH_USES_UNSAFE)
                .warmupIterations(4)
                .warmupTime(TimeValue.milliseconds(300))
                .measurementIterations(10)
                .measurementTime(TimeValue.milliseconds(300))
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();

        var results = new Runner(options).run();

        ResultFormatFactory.getInstance(ResultFormatType.TEXT, System.out).writeOut(results);
    }
}
