package dev.flashstock.api;

import dev.flashstock.heat.TableFix;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What a table shall bear at once.
 *
 * @param readUnitsPerSecond read units a second; left out: as they are
 * @param writeUnitsPerSecond write units a second; left out: as they are
 */
@RegisterForReflection
@Schema(name = "WarmThroughputBody", description = "One of them or both")
public record WarmThroughputBody(
        @Schema(examples = "24000", minimum = "1", maximum = "10000000") @Nullable
        Long readUnitsPerSecond,

        @Schema(examples = "16000", minimum = "1", maximum = "10000000") @Nullable
        Long writeUnitsPerSecond) {

    TableFix.Warm fix() {
        String asked = "readUnitsPerSecond " + readUnitsPerSecond + ", writeUnitsPerSecond " + writeUnitsPerSecond;
        return BadInput.parsed(
                "body", "Range", asked, it -> new TableFix.Warm(readUnitsPerSecond, writeUnitsPerSecond));
    }
}
