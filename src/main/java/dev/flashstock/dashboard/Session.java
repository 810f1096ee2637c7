package dev.flashstock.dashboard;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Whom the page serves, and with what.
 *
 * @param user who asks; null: nobody who has signed in
 * @param roles the caller's roles among {@code operator} and {@code admin}
 * @param signIn how one signs in
 * @param rehearsals whether sales can be rehearsed here
 * @param table the table
 */
@RegisterForReflection
@Schema(name = "Session")
public record Session(
        @Schema(examples = "alice") @Nullable String user,
        List<String> roles,
        SignIn signIn,
        boolean rehearsals,
        @Schema(examples = "flashstock") String table) {
    /** How one signs in. */
    @Schema(name = "SignIn")
    public enum SignIn {
        /** With a token of the identity provider, in {@code Authorization}. */
        TOKEN,
        /** With any name, in {@code X-User}: dev mode and tests. */
        NAME
    }
}
