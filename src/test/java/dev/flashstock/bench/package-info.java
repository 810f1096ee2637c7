/** Measurements: run one by name, {@code ./mvnw test -Dquick -Dtest=GatherBenchmark}; {@code verify} leaves them out. */
@NullMarked
package dev.flashstock.bench;

import org.jspecify.annotations.NullMarked;
