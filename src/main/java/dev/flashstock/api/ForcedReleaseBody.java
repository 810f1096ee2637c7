package dev.flashstock.api;

import dev.flashstock.inventory.GroupCommit;
import dev.flashstock.stock.UserId;
import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.NotNull;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A release by somebody of the shop as it is asked for.
 *
 * @param reason why, for the ledger
 */
@RegisterForReflection
@Schema(name = "ForcedReleaseBody")
public record ForcedReleaseBody(
        @NotNull @Schema(examples = "fraud, case 17", minLength = 1, maxLength = GroupCommit.Forced.MAX_REASON)
        String reason) {

    GroupCommit.Forced by(UserId admin) {
        return BadInput.parsed("reason", "Shape", reason, it -> new GroupCommit.Forced(admin, it));
    }
}
