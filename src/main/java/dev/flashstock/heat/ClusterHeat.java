package dev.flashstock.heat;

import dev.flashstock.heat.Subject.Kind;
import dev.flashstock.heat.Throttle.Access;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** The heat of all processes together: this one's now, and that of the others as they told it last. */
public final class ClusterHeat {
    /** A refusal a second, faded for two. */
    private static final double LATELY = Window.FADING * Window.FADING;

    private final Supplier<List<Snapshot>> processes;
    private final Function<Key, Subject> subjects;
    private final PartitionLimits limits;

    /**
     * Puts processes' heat together.
     *
     * @param processes what is frequent in each process that is known: in this one now, in the others as they told it last
     * @param subjects tells what lies under a key
     * @param limits what a partition bears
     */
    public ClusterHeat(Supplier<List<Snapshot>> processes, Function<Key, Subject> subjects, PartitionLimits limits) {
        this.processes = processes;
        this.subjects = subjects;
        this.limits = limits;
    }

    /** What ails the table now, as far as processes are known. */
    public Diagnosis diagnosis() {
        List<Snapshot> known = processes.get();
        return Diagnosis.of(together(known), known.size(), subjects, limits);
    }

    private static Snapshot together(List<Snapshot> known) {
        return known.stream().reduce(Snapshot.NONE, Snapshot::plus);
    }

    /**
     * The shards that take {@link PartitionLimits#HOT} of a partition's writes or more, or whose writes their partition has
     * refused just now, in the last two seconds or so.
     *
     * @return in no order
     */
    public List<ShardHeat> hotShards() {
        return shards().stream().filter(this::isHot).toList();
    }

    /**
     * The shards that are asked for, at least those that are among the most asked for keys.
     *
     * @return in no order
     */
    public List<ShardHeat> shards() {
        List<ShardHeat> shards = new ArrayList<>();
        together(processes.get()).keys().forEach((key, load) -> {
            Subject subject = subjects.apply(key);
            if (subject.kind() == Kind.STOCK_SHARD && subject.sku() != null) {
                shards.add(new ShardHeat(
                        subject.sku(),
                        subject.shard(),
                        load.writeUnits(),
                        load.readUnits(),
                        load.throttledByPartition(Access.WRITE)));
            }
        });
        return shards;
    }

    /** More shards help against writes: whoever reads, reads them all. */
    private boolean isHot(ShardHeat shard) {
        return shard.writeUnitsPerSecond() >= PartitionLimits.HOT * limits.writesPerSecond()
                || shard.throttledPerSecond() > LATELY;
    }
}
