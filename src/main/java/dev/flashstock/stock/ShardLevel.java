package dev.flashstock.stock;

/**
 * What one shard holds.
 *
 * @param shard the shard's number, from 0
 * @param available units that can be taken from it, never negative
 * @param version how many times its units have changed; two readings with equal versions saw the same units
 * @param moved units that were ever moved to it from other shards, less those that were moved from it to others
 * @param closed whether it is given no units any more
 */
public record ShardLevel(int shard, long available, long version, long moved, boolean closed) {
    /**
     * An open shard of which nothing was moved.
     *
     * @param shard the shard's number, from 0
     * @param available units that can be taken from it
     * @param version how many times its units have changed
     */
    public ShardLevel(int shard, long available, long version) {
        this(shard, available, version, 0, false);
    }
}
