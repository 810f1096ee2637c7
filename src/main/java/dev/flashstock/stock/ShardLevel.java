package dev.flashstock.stock;

/**
 * What one shard holds.
 *
 * @param shard the shard's number, from 0
 * @param available units that can be taken from it, never negative
 * @param version how many times it has changed; two readings with equal versions saw the same state
 */
public record ShardLevel(int shard, long available, long version) {}
