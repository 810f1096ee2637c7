/** The adapter to Redis: totals remembered for all processes, and which of these are alive. */
@NullMarked
package dev.flashstock.redis;

import org.jspecify.annotations.NullMarked;
