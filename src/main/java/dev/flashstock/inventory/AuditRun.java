package dev.flashstock.inventory;

import dev.flashstock.stock.Sku;
import dev.flashstock.stock.UserId;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The work on an audit, by one process.
 *
 * @param id the audit's id
 * @param sku whose books
 * @param state whether it goes on
 * @param startedBy who asked for it
 * @param startedAt when
 * @param heartbeat when its process last said that it is at work
 * @param progress how many movements were read, some of them a second time
 * @param failure why it failed; null when it did not
 */
public record AuditRun(
        String id,
        Sku sku,
        State state,
        UserId startedBy,
        Instant startedAt,
        Instant heartbeat,
        long progress,
        @Nullable String failure) {
    /** A run whose process was silent for longer than this is over: another may begin. */
    public static final Duration LIFE_SIGN = Duration.ofSeconds(30);

    /** Whether a run goes on. */
    public enum State {
        /** It is being counted. */
        RUNNING,
        /** There is a result. */
        DONE,
        /** There is none, and why. */
        FAILED
    }

    /**
     * The same run, seen by others.
     *
     * @param now the moment
     * @return this run; as failed when its process has died
     */
    AuditRun seenAt(Instant now) {
        return state == State.RUNNING && heartbeat.isBefore(now.minus(LIFE_SIGN))
                ? failed("The process that counted is gone: ask for another audit.")
                : this;
    }

    AuditRun failed(String why) {
        return new AuditRun(id, sku, State.FAILED, startedBy, startedAt, heartbeat, progress, why);
    }

    AuditRun done() {
        return new AuditRun(id, sku, State.DONE, startedBy, startedAt, heartbeat, progress, null);
    }

    AuditRun aliveAt(Instant now, long read) {
        return new AuditRun(id, sku, state, startedBy, startedAt, now, read, failure);
    }
}
