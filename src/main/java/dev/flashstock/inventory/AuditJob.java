package dev.flashstock.inventory;

import dev.flashstock.stock.Audit;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The work on a run that has begun: it counts, gives signs of life meanwhile, and records what came of it. */
final class AuditJob {
    private static final Duration BEAT = Duration.ofSeconds(5);

    private final AuditTable table;
    private final Auditor auditor;
    private final Audits.Source source;
    private final Retries retries;
    private final Consumer<Throwable> unexpected;

    /** Another process has taken this one's place. */
    private static final class Replaced extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /**
     * Wires the work.
     *
     * @param table the audits
     * @param auditor counts
     * @param source by which clock
     * @param retries for what gets in the way of recording the end
     * @param unexpected is told of failures that are nobody's doing
     */
    AuditJob(AuditTable table, Auditor auditor, Audits.Source source, Retries retries, Consumer<Throwable> unexpected) {
        this.table = table;
        this.auditor = auditor;
        this.source = source;
        this.retries = retries;
        this.unexpected = unexpected;
    }

    /**
     * Does the work, for at most {@link Audits#MAX_TIME}.
     *
     * @param run the run, recorded as under way
     * @param order what is counted
     * @return completes when the end is recorded, or another process has taken this one's place; never fails
     */
    Uni<Void> run(AuditRun run, Auditor.Order order) {
        AtomicLong read = new AtomicLong();
        Uni<Audit> audit = auditor.audit(order, read::addAndGet)
                .ifNoItem()
                .after(Audits.MAX_TIME)
                .failWith(() -> new Tally.TooMuch("It took longer than " + Audits.MAX_TIME.toMinutes() + " minutes"));
        return Uni.join()
                .first(audit, signsOfLife(run, read))
                .toTerminate()
                .chain(result -> end(now(run, read).done(), result))
                .onFailure(e -> !(e instanceof Replaced))
                .recoverWithUni(e -> {
                    tellIfUnexpected(e);
                    return end(now(run, read).failed(reason(e)), null);
                })
                .onFailure()
                .invoke(this::tellIfUnexpected)
                .onFailure()
                .recoverWithNull()
                .replaceWithVoid();
    }

    private AuditRun now(AuditRun run, AtomicLong read) {
        return run.aliveAt(source.clock().instant(), read.get());
    }

    /** Ends, with a failure, only when another process has taken this one's place. */
    private Uni<Audit> signsOfLife(AuditRun run, AtomicLong read) {
        return Multi.createBy()
                .repeating()
                .uni(() -> source.pauses()
                        .of(BEAT)
                        .chain(() -> table.alive(now(run, read))
                                .onFailure(Unavailable.class)
                                .recoverWithItem(Attempt.BUSY)))
                .whilst(attempt -> attempt != Attempt.CHANGED)
                .collect()
                .last()
                .chain(lost -> Uni.createFrom().failure(new Replaced()));
    }

    private Uni<Attempt> end(AuditRun run, @Nullable Audit result) {
        return retries.until(() -> table.end(run, result)
                .onFailure(Unavailable.class)
                .recoverWithItem(Attempt.BUSY)
                .map(attempt -> attempt == Attempt.BUSY ? Optional.<Attempt>empty() : Optional.of(attempt)));
    }

    private static String reason(Throwable failure) {
        return isExpected(failure) ? String.valueOf(failure.getMessage()) : "Something went wrong, which is logged";
    }

    private void tellIfUnexpected(Throwable failure) {
        if (!isExpected(failure)) {
            unexpected.accept(failure);
        }
    }

    private static boolean isExpected(Throwable failure) {
        return failure instanceof Tally.TooMuch || failure instanceof Unavailable || failure instanceof Replaced;
    }
}
