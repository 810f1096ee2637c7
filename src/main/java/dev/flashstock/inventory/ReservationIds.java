package dev.flashstock.inventory;

import dev.flashstock.stock.ReservationId;
import dev.flashstock.stock.UserId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Reservation ids as callers see them: {@code <sku>.<digest>.<mac>}. The MAC is over the user and the id, so that any
 * process can tell a request that waits in the queue, of which nothing is stored yet, from an id that somebody made up.
 * What is stored has no MAC: secrets can be changed.
 */
public final class ReservationIds {
    /** The shortest secret, in bytes. */
    public static final int MIN_SECRET_BYTES = 32;

    private static final String ALGORITHM = "HmacSHA256";
    private static final int MAC_BYTES = 12; // 96 bits, as RFC 4868 truncates HMAC for authentication
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final List<SecretKeySpec> secrets;

    /**
     * Signs with the first secret and accepts them all.
     *
     * @param secrets at least one, the current one first; each of at least {@value #MIN_SECRET_BYTES} bytes
     * @throws IllegalArgumentException when there is none, or one is too short
     */
    public ReservationIds(List<String> secrets) {
        this.secrets = checked(secrets).stream()
                .map(it -> new SecretKeySpec(it.getBytes(StandardCharsets.UTF_8), ALGORITHM))
                .toList();
    }

    /**
     * Checks secrets, of which the keys of other MACs may be derived as well.
     *
     * @param secrets at least one; each of at least {@value #MIN_SECRET_BYTES} bytes
     * @return the same
     * @throws IllegalArgumentException when there is none, or one is too short
     */
    public static List<String> checked(List<String> secrets) {
        if (secrets.isEmpty()
                || secrets.stream().anyMatch(it -> it.getBytes(StandardCharsets.UTF_8).length < MIN_SECRET_BYTES)) {
            throw new IllegalArgumentException("A secret has at least " + MIN_SECRET_BYTES + " bytes");
        }
        return secrets;
    }

    /**
     * What a caller sees.
     *
     * @param user whose reservation it is
     * @param id its id
     * @return the id with its MAC, safe in a URL
     */
    public String seal(UserId user, ReservationId id) {
        return id.value() + "." + ENCODER.encodeToString(mac(secrets.get(0), user, id));
    }

    /**
     * What a caller means.
     *
     * @param user who says it
     * @param sealed what is said
     * @return the id, or nothing when it was not given to this user
     */
    public Optional<ReservationId> open(UserId user, String sealed) {
        int dot = sealed.lastIndexOf('.');
        if (dot < 0) {
            return Optional.empty();
        }
        try {
            ReservationId id = new ReservationId(sealed.substring(0, dot));
            byte[] mac = Base64.getUrlDecoder().decode(sealed.substring(dot + 1));
            return secrets.stream().anyMatch(secret -> MessageDigest.isEqual(mac, mac(secret, user, id)))
                    ? Optional.of(id)
                    : Optional.empty();
        } catch (IllegalArgumentException notAnId) {
            return Optional.empty();
        }
    }

    private static byte[] mac(SecretKeySpec secret, UserId user, ReservationId id) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(secret);
            mac.update(user.value().getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            mac.update(id.value().getBytes(StandardCharsets.UTF_8));
            return Arrays.copyOf(mac.doFinal(), MAC_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has " + ALGORITHM, e);
        }
    }
}
