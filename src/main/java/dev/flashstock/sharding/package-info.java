/** Which shard takes a write, how units are spread over shards, and how many shards there are; nothing but arithmetic. */
@NullMarked
package dev.flashstock.sharding;

import org.jspecify.annotations.NullMarked;
