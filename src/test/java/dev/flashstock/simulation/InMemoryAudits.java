package dev.flashstock.simulation;

import dev.flashstock.inventory.Attempt;
import dev.flashstock.inventory.AuditRun;
import dev.flashstock.inventory.AuditTable;
import dev.flashstock.simulation.ItemStore.Code;
import dev.flashstock.simulation.ItemStore.Condition;
import dev.flashstock.simulation.ItemStore.Write;
import dev.flashstock.stock.Audit;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The audits, over items in memory. */
final class InMemoryAudits implements AuditTable {
    private final ItemStore store;
    private final Wire wire;

    /**
     * A view of the audits from one end of a wire.
     *
     * @param store the items
     * @param wire the way there
     */
    InMemoryAudits(ItemStore store, Wire wire) {
        this.store = store;
        this.wire = wire;
    }

    @Override
    public Uni<Optional<Recorded>> last(Sku sku) {
        return wire.send(
                (service, answer) -> answer.complete(Optional.ofNullable((Recorded) store.read(new Key.Audit(sku)))));
    }

    @Override
    public Uni<Attempt> begin(AuditRun run, Instant deadBefore) {
        return write(
                run,
                old -> !(old instanceof Recorded there)
                        || there.run().state() != AuditRun.State.RUNNING
                        || there.run().heartbeat().isBefore(deadBefore),
                there -> there == null
                        ? new Recorded(run, null, false)
                        : new Recorded(run, there.result(), there.repaired()));
    }

    @Override
    public Uni<Attempt> alive(AuditRun run) {
        return write(run, old -> isMine(old, run), there -> new Recorded(run, there.result(), there.repaired()));
    }

    @Override
    public Uni<Attempt> end(AuditRun run, @Nullable Audit result) {
        return write(
                run,
                old -> isMine(old, run),
                there -> result == null
                        ? new Recorded(run, there.result(), there.repaired())
                        : new Recorded(run, result, false));
    }

    private static boolean isMine(@Nullable Object old, AuditRun run) {
        return old instanceof Recorded there
                && there.run().id().equals(run.id())
                && there.run().state() == AuditRun.State.RUNNING;
    }

    private Uni<Attempt> write(AuditRun run, Condition condition, UnaryOperator<@Nullable Recorded> update) {
        Write write = new Write(new Key.Audit(run.sku()), condition, old -> update.apply((Recorded) old));
        return wire.send((service, answer) -> {
            Code code = store.write(write, service::throttles).code();
            answer.complete(
                    code == Code.NONE ? Attempt.DONE : code == Code.CONDITION_FAILED ? Attempt.CHANGED : Attempt.BUSY);
        });
    }
}
