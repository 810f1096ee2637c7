/** The adapter to Redis: totals remembered for all processes. */
@NullMarked
package dev.flashstock.redis;

import org.jspecify.annotations.NullMarked;
