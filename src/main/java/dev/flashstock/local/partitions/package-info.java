/** What DynamoDB Local leaves out: partitions with limits, throttling by key, and transactions that conflict. */
@NullMarked
package dev.flashstock.local.partitions;

import org.jspecify.annotations.NullMarked;
