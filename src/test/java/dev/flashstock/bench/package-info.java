/** Measurements: run one by name, {@code ./mvnw test -Dquick -Dtest=GatherBenchmark}; {@code verify} tests their charts only. */
@NullMarked
package dev.flashstock.bench;

import org.jspecify.annotations.NullMarked;
