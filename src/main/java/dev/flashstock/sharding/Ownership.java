package dev.flashstock.sharding;

import dev.flashstock.stock.Sku;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which pods write to which of a SKU's shards. Pods that know the same pods come to the same answer without a word
 * between them, and when a pod comes or goes most shards stay with whom they were.
 *
 * <p>With at least as many shards as pods, a shard has one owner, and no pod has two shards more than another. With
 * more pods than shards, a pod has one shard, and no shard has two owners more than another.
 *
 * <p>Rendezvous hashing (Thaler and Ravishankar, "Using name-based mappings to increase hit rates", 1998) with bounded
 * loads (Mirrokni, Thorup and Zadimoghaddam, "Consistent hashing with bounded loads", 2018): all pairs of a pod and a
 * shard are taken in the order of their hashes, as long as both have room; first up to what everybody gets, then one
 * more for some.
 */
public final class Ownership {
    /** The most pods among which shards are shared out. */
    public static final int MAX_PODS = 1_000;

    /** The low bits of a pair's rank say which pair it is: enough for the most pods times the most shards. */
    private static final int PAIR_BITS = 18;

    private static final long PAIR_MASK = (1L << PAIR_BITS) - 1;

    private final List<String> pods;
    private final int writeShards;

    /** With more pods than shards the shard of each pod, else the pod of each shard. */
    private final int[] partners;

    private final int[] owners;

    private Ownership(String what, int writeShards, List<String> pods) {
        this.pods = pods;
        this.writeShards = writeShards;
        this.partners = match(ranked(what, writeShards, pods));
        this.owners = countOwners();
    }

    /**
     * Shares a SKU's shards out.
     *
     * @param sku the SKU
     * @param writeShards how many shards take writes, 1 to {@value Layout#MAX_SHARDS}
     * @param pods the pods, in any order, a pod counted once, 1 to {@value #MAX_PODS}
     * @return who owns what
     * @throws IllegalArgumentException when a count is out of bounds
     */
    public static Ownership of(Sku sku, int writeShards, Collection<String> pods) {
        return of(sku.value(), writeShards, pods);
    }

    /**
     * Shares out anything else that is in numbered parts.
     *
     * @param what names it: what has another name is shared out otherwise
     * @param writeShards how many parts, 1 to {@value Layout#MAX_SHARDS}
     * @param pods the pods, in any order, a pod counted once, 1 to {@value #MAX_PODS}
     * @return who owns what
     * @throws IllegalArgumentException when a count is out of bounds
     */
    public static Ownership of(String what, int writeShards, Collection<String> pods) {
        List<String> sorted = pods.stream().distinct().sorted().toList();
        if (writeShards < 1 || writeShards > Layout.MAX_SHARDS || sorted.isEmpty() || sorted.size() > MAX_PODS) {
            throw new IllegalArgumentException("1 to " + Layout.MAX_SHARDS + " shards are shared out among 1 to "
                    + MAX_PODS + " pods, not " + writeShards + " among " + sorted.size());
        }
        return new Ownership(what, writeShards, sorted);
    }

    /**
     * The shards of a pod.
     *
     * @param pod the pod
     * @return its shards in ascending order; none when it is not among the pods, and else at least one
     */
    public List<Integer> shardsOf(String pod) {
        int index = pods.indexOf(pod);
        if (index < 0) {
            return List.of();
        }
        return podsOutnumberShards()
                ? List.of(partners[index])
                : IntStream.range(0, writeShards)
                        .filter(shard -> partners[shard] == index)
                        .boxed()
                        .toList();
    }

    /**
     * How many pods share a shard.
     *
     * @param shard the shard
     * @return at least 1 for a shard that takes writes, 0 for any other
     */
    public int owners(int shard) {
        return shard >= 0 && shard < writeShards ? owners[shard] : 0;
    }

    /**
     * The one of a shard's owners that does what one alone should do.
     *
     * @param shard 0 to one less than the number of shards
     * @return the same for everybody who knows the same pods
     */
    public String firstOwner(int shard) {
        int first = podsOutnumberShards()
                ? IntStream.range(0, partners.length)
                        .filter(pod -> partners[pod] == shard)
                        .findFirst()
                        .orElseThrow()
                : partners[shard];
        return pods.get(first);
    }

    private boolean podsOutnumberShards() {
        return pods.size() > writeShards;
    }

    /** All pairs in the order in which they are taken; a long each, because there are up to 256,000. */
    private static long[] ranked(String what, int writeShards, List<String> pods) {
        long seed = hash(0, what);
        long[] pairs = new long[pods.size() * writeShards];
        int pair = 0;
        for (String pod : pods) {
            long podHash = hash(seed, pod);
            for (int shard = 0; shard < writeShards; shard++) {
                pairs[pair] = (mix(podHash + (shard + 1) * 0x9e3779b97f4a7c15L) & ~PAIR_MASK) | pair;
                pair++;
            }
        }
        Arrays.sort(pairs);
        return pairs;
    }

    /** Each of the more numerous side finds one partner; those of the other side take what is theirs, then one more. */
    private int[] match(long[] ranked) {
        int many = Math.max(pods.size(), writeShards);
        int few = Math.min(pods.size(), writeShards);
        int[] found = new int[many];
        Arrays.fill(found, -1);
        int[] loads = new int[few];
        for (int room = many / few; room <= many / few + 1; room++) {
            for (long pair : ranked) {
                int pod = (int) (pair & PAIR_MASK) / writeShards;
                int shard = (int) (pair & PAIR_MASK) % writeShards;
                int one = podsOutnumberShards() ? pod : shard;
                int partner = podsOutnumberShards() ? shard : pod;
                if (found[one] < 0 && loads[partner] < room) {
                    found[one] = partner;
                    loads[partner]++;
                }
            }
        }
        return found;
    }

    private int[] countOwners() {
        int[] counts = new int[writeShards];
        if (podsOutnumberShards()) {
            for (int shard : partners) {
                counts[shard]++;
            }
        } else {
            Arrays.fill(counts, 1);
        }
        return counts;
    }

    /** FNV-1a over the characters, with a finalizer: names that differ in their last character alone must differ all over. */
    private static long hash(long seed, String text) {
        long hash = seed ^ 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return mix(hash);
    }

    /** The finalizer of SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014). */
    private static long mix(long hash) {
        long mixed = hash;
        mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
