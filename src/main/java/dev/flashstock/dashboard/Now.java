package dev.flashstock.dashboard;

import dev.flashstock.api.DiagnosisView;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What somebody who looks has not seen yet.
 *
 * @param pod the process that tells: another one has other latencies, reads and rates of its own
 * @param moments the moments since the last event, in their order: one, or after a gap those that were missed
 * @param diagnosis what ails the table now
 * @param levels how many units each shard of the SKU has that was asked for, by its number; null: none was, or they could not
 *     be read
 */
@RegisterForReflection
@Schema(name = "Now")
public record Now(
        String pod,
        List<Moment> moments,
        DiagnosisView diagnosis,
        @Nullable List<Long> levels) {}
