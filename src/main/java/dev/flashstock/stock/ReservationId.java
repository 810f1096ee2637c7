package dev.flashstock.stock;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * A reservation's id within its user: its SKU and a digest of the request's idempotency key, so that a retry finds
 * itself.
 *
 * @param value {@code <sku>.<digest>}
 */
public record ReservationId(String value) {
    private static final int DIGEST_BYTES = 12;
    private static final Pattern SHAPE = Pattern.compile(Sku.PATTERN + "\\.[A-Za-z0-9_-]{16}");

    /**
     * Checks the shape of the id.
     *
     * @throws IllegalArgumentException when the value is not an id
     */
    public ReservationId {
        if (!SHAPE.matcher(value).matches()) {
            throw new IllegalArgumentException("Not a reservation id");
        }
    }

    /**
     * The id of the reservation that a request asks for.
     *
     * @param sku what is reserved
     * @param key the request's own name
     * @return the same id for the same two
     */
    public static ReservationId of(Sku sku, IdempotencyKey key) {
        return new ReservationId(sku.value() + "." + digest(sku, key));
    }

    /**
     * A digest of what names a request: 96 bits of SHA-256, as 16 URL-safe characters.
     *
     * @param sku what the request is about
     * @param key the request's own name
     * @return the same digest for the same two
     */
    static String digest(Sku sku, IdempotencyKey key) {
        byte[] skuBytes = sku.value().getBytes(StandardCharsets.UTF_8);
        byte[] keyBytes = key.value().getBytes(StandardCharsets.UTF_8);
        ByteBuffer both = ByteBuffer.allocate(skuBytes.length + 1 + keyBytes.length)
                .put(skuBytes)
                .put((byte) 0)
                .put(keyBytes);
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(both.array());
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, DIGEST_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    /**
     * The id of what is reserved under a digest.
     *
     * @param sku what is reserved
     * @param digest as {@link #digest()} gave it
     * @return the id
     * @throws IllegalArgumentException when that is no digest
     */
    public static ReservationId of(Sku sku, String digest) {
        return new ReservationId(sku.value() + "." + digest);
    }

    /**
     * What tells it apart from others of its SKU.
     *
     * @return 16 characters
     */
    public String digest() {
        return value.substring(value.lastIndexOf('.') + 1);
    }

    /**
     * What is reserved.
     *
     * @return the SKU that the id begins with
     */
    public Sku sku() {
        return new Sku(value.substring(0, value.lastIndexOf('.')));
    }

    @Override
    public String toString() {
        return value;
    }
}
