package dev.flashstock.heat;

/**
 * What the account may give a table in this region, in units a second.
 *
 * @param tableReads read units of one table
 * @param tableWrites write units of one table
 */
public record Quotas(long tableReads, long tableWrites) {}
