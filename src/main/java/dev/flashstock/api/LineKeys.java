package dev.flashstock.api;

import dev.flashstock.stock.IdempotencyKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Idempotency keys of lines that have none of their own.
 *
 * @param ofRequest the request's key; null when it has none, and then they have none either
 */
record LineKeys(@Nullable IdempotencyKey ofRequest) {
    /** A digest, and not the number beside the key: nobody's own key is the same by chance. */
    @Nullable
    IdempotencyKey of(long line) {
        if (ofRequest == null) {
            return null;
        }
        byte[] both = (ofRequest.value() + ' ' + line).getBytes(StandardCharsets.US_ASCII);
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(both);
            return new IdempotencyKey(Base64.getUrlEncoder().withoutPadding().encodeToString(hash));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
