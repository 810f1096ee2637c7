package dev.flashstock.api;

import io.quarkus.runtime.annotations.RegisterForReflection;
import jakarta.validation.constraints.Pattern;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A confirmation as it is asked for.
 *
 * @param paymentReference how it was paid; null: nothing is said
 */
@RegisterForReflection
@Schema(name = "ConfirmationBody")
public record ConfirmationBody(
        @Pattern(regexp = "[\\x21-\\x7E]{1,255}", message = "must be 1 to 255 visible ASCII characters, without spaces")
        @Schema(examples = "pi_123")
        @Nullable
        String paymentReference) {}
