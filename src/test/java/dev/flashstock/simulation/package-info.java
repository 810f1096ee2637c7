/**
 * The deterministic simulation: the use cases of several pods, over one table in memory that behaves like DynamoDB, on a
 * virtual clock, with faults from a seed. See {@code docs/correctness.md}.
 */
@NullMarked
package dev.flashstock.simulation;

import org.jspecify.annotations.NullMarked;
