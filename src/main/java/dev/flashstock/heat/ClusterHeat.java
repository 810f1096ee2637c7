package dev.flashstock.heat;

import dev.flashstock.heat.Subject.Kind;
import dev.flashstock.heat.Throttle.Access;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** The heat of all processes together: this one's now, and that of the others as they told it last. */
public final class ClusterHeat {
    private final Supplier<Snapshot> own;
    private final Supplier<List<Snapshot>> others;
    private final Function<Key, Subject> subjects;
    private final PartitionLimits limits;

    /**
     * Puts processes' heat together.
     *
     * @param own this process's
     * @param others the others', each as it told it last
     * @param subjects tells what lies under a key
     * @param limits what a partition bears
     */
    public ClusterHeat(
            Supplier<Snapshot> own,
            Supplier<List<Snapshot>> others,
            Function<Key, Subject> subjects,
            PartitionLimits limits) {
        this.own = own;
        this.others = others;
        this.subjects = subjects;
        this.limits = limits;
    }

    /** What is frequent now, in all processes that are known. */
    public Snapshot now() {
        return others.get().stream().reduce(own.get(), Snapshot::plus);
    }

    /**
     * The shards that take {@link PartitionLimits#HOT} of a partition's limit or more, or whose writes their partition has
     * refused in the last {@value Heat#SECONDS} seconds.
     *
     * @return in no order
     */
    public List<HotShard> hotShards() {
        List<HotShard> hot = new ArrayList<>();
        now().keys().forEach((key, load) -> {
            Subject subject = subjects.apply(key);
            if (subject.kind() == Kind.STOCK_SHARD && subject.sku() != null && isHot(load)) {
                hot.add(new HotShard(
                        subject.sku(),
                        subject.shard(),
                        load.writeUnits(),
                        load.readUnits(),
                        load.throttledByPartition(Access.WRITE)));
            }
        });
        return hot;
    }

    private boolean isHot(Load load) {
        return limits.taken(load) >= PartitionLimits.HOT || load.throttledByPartition(Access.WRITE) > 0;
    }
}
