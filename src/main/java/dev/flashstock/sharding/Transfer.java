package dev.flashstock.sharding;

/**
 * Units that go from one shard to another.
 *
 * @param from the shard that gives them up
 * @param to the shard that gets them
 * @param units how many, at least 1
 */
public record Transfer(int from, int to, long units) {}
