package dev.flashstock.redis;

import java.time.Duration;

/**
 * What {@link RedisStockLevels} asks of Redis, each in one step. Of each SKU there are three keys: the level, a hash of
 * {@code available}, {@code asOf}, {@code cost}, {@code count} and the units that were taken and that the count has
 * seen or not, {@code unsure}; the lease of who counts, a hash of its {@code owner} and of the units that have come
 * {@code since} or were taken; and, for as long as a summary may not know it, that units have come or were moved lately. Nothing without
 * an end of its time is believed, nor anything of another type.
 */
final class LevelScripts {
    /** By how much processes' clocks may differ before one's levels are not believed by another. */
    static final Duration CLOCKS_DIFFER = Duration.ofMinutes(1);

    /**
     * Finds levels, and gives a lease on those that are old, or soon will be, or are not there. Arguments: owner, lease
     * in ms, how long an old level is good enough in ms, the time, the most by which {@code asOf} may differ from it in
     * ms, how soon a level may be counted before it is old in ms, and for each SKU an exponential random number. Answers
     * for each SKU with 1 for the lease, 2 for the lease when units have come or were moved lately, or 0; then the level
     * if it is there.
     */
    static final String FIND = """
            local owner, lease, stale, now, differ = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
            local soonest = tonumber(ARGV[6])
            local function level(key)
                local it = redis.pcall('HMGET', key, 'available', 'asOf', 'cost', 'count')
                local left = redis.call('PTTL', key)
                if left == -2 then
                    return nil
                end
                local function number(text)
                    return text and #text < 16 and string.match(text, '^%d+$') and tonumber(text)
                end
                if it.err or left < 0 or not (number(it[1]) and number(it[2]) and number(it[3]) and it[4])
                        or math.abs(now - number(it[2])) > differ then
                    redis.call('DEL', key)
                    return nil
                end
                return it, left - stale, number(it[3])
            end
            local found = {}
            for i = 1, #KEYS, 3 do
                local it, left, cost = level(KEYS[i])
                local leads = 0
                if not it or left <= math.min(soonest, cost * tonumber(ARGV[6 + (i + 2) / 3])) then
                    if redis.call('PTTL', KEYS[i + 1]) < 0 then
                        redis.call('DEL', KEYS[i + 1])
                        redis.call('HSET', KEYS[i + 1], 'owner', owner, 'since', 0, 'unsure', 0)
                        redis.call('PEXPIRE', KEYS[i + 1], lease)
                        leads = redis.call('EXISTS', KEYS[i + 2]) + 1
                    end
                end
                found[#found + 1] = it and {leads, it[1], it[2], it[4]} or {leads}
            end
            return found
            """;

    /**
     * Remembers what was counted, if the lease is still its owner's; what came while it was counted is added, whether or
     * not it was counted too. Arguments: owner, how long the count took in ms, how long to remember in ms, and for each
     * SKU its units and the time of the count.
     */
    static final String REMEMBER = """
            local owner, cost, life = ARGV[1], ARGV[2], ARGV[3]
            for i = 1, #KEYS, 3 do
                local words = 2 + 2 * (i + 2) / 3
                local lease = redis.pcall('HMGET', KEYS[i + 1], 'owner', 'since', 'unsure')
                if not lease.err and lease[1] == owner then
                    local available = string.format('%.0f', tonumber(ARGV[words]) + (tonumber(lease[2]) or 0))
                    redis.call('DEL', KEYS[i], KEYS[i + 1])
                    redis.call('HSET', KEYS[i], 'available', available, 'asOf', ARGV[words + 1], 'cost', cost,
                        'count', owner, 'unsure', tonumber(lease[3]) or 0)
                    redis.call('PEXPIRE', KEYS[i], life)
                end
            end
            return 1
            """;

    /**
     * Changes a total that is there. Arguments: the units (0 when they were moved), the count that was known before they
     * came or went, and for how long a summary may not know it in ms. Answers with how many are left at least and the name
     * of the count, or with nothing.
     */
    static final String CHANGE = """
            local units, before, behind = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3])
            if units >= 0 and behind > 0 then
                redis.call('SET', KEYS[3], '', 'PX', behind)
            end
            if redis.call('EXISTS', KEYS[2]) == 1 then
                redis.pcall('HINCRBY', KEYS[2], units > 0 and 'since' or 'unsure', math.abs(units))
            end
            local count = redis.pcall('HGET', KEYS[1], 'count')
            if not count or count.err then
                return {}
            end
            local seen = units > 0 or count == before
            local available = redis.pcall('HINCRBY', KEYS[1], 'available', seen and units or 0)
            local unsure = redis.pcall('HINCRBY', KEYS[1], 'unsure', seen and 0 or -units)
            if type(available) ~= 'number' or type(unsure) ~= 'number' then
                redis.call('DEL', KEYS[1])
                return {}
            end
            if available < 0 then
                redis.call('HSET', KEYS[1], 'available', 0)
            end
            return {math.max(0, available - unsure), count}
            """;

    /** Forgets a level and who counts it. Argument: for how long a summary may not know why, in ms. */
    static final String FORGET = """
            redis.call('DEL', KEYS[1], KEYS[2])
            if tonumber(ARGV[1]) > 0 then
                redis.call('SET', KEYS[3], '', 'PX', ARGV[1])
            end
            return 1
            """;

    private LevelScripts() {}
}
