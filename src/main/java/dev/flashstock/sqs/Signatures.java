package dev.flashstock.sqs;

import dev.flashstock.inventory.ReservationIds;
import dev.flashstock.stock.ReservationRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Which requests in the queue are ours. Whoever may send to the queue may write anything there; a request is believed
 * when it carries a MAC over all that it says, which needs one of the secrets, and was not asked in the future.
 *
 * <p>The secrets are those of reservation ids, the keys are not: each is derived from a secret for this purpose, so that
 * a MAC that callers see in an id is of no use here, nor the other way round.
 */
public final class Signatures {
    /** How far the clock of who asked may be ahead of ours. */
    static final Duration MOST_AHEAD = Duration.ofMinutes(5);

    /** The characters of a signature. */
    static final int LENGTH = 22;

    private static final String ALGORITHM = "HmacSHA256";
    private static final String PURPOSE = "flashstock queued request";
    private static final int MAC_BYTES = 16; // 128 bits: half of it, the least that RFC 2104 advises
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final List<SecretKeySpec> keys;

    /** One for each key and thread: to look one up and to prepare it costs as much as the rest. */
    private final ThreadLocal<List<Mac>> macs;

    private final InstantSource clock;

    /**
     * Signs with the first secret and accepts them all.
     *
     * @param secrets at least one, the current one first; each of at least {@link ReservationIds#MIN_SECRET_BYTES} bytes
     * @param clock tells what the future is
     * @throws IllegalArgumentException when there is none, or one is too short
     */
    public Signatures(List<String> secrets, InstantSource clock) {
        this.keys = ReservationIds.checked(secrets).stream()
                .map(secret -> mac(new SecretKeySpec(bytes(secret), ALGORITHM)))
                .map(mac -> new SecretKeySpec(mac.doFinal(bytes(PURPOSE)), ALGORITHM))
                .toList();
        this.macs =
                ThreadLocal.withInitial(() -> keys.stream().map(Signatures::mac).toList());
        this.clock = clock;
    }

    /** What a request is sent with: {@value #LENGTH} characters, in ASCII. */
    String of(ReservationRequest request) {
        return signature(macs.get().get(0), request);
    }

    /** Whether to act on a request. */
    boolean believes(ReservationRequest request, @Nullable String signature) {
        return signature != null && isGenuine(request, bytes(signature)) && !isAhead(request);
    }

    private boolean isGenuine(ReservationRequest request, byte[] signature) {
        return macs.get().stream().anyMatch(mac -> MessageDigest.isEqual(signature, bytes(signature(mac, request))));
    }

    private boolean isAhead(ReservationRequest request) {
        return request.requestedAt().isAfter(clock.instant().plus(MOST_AHEAD));
    }

    private static String signature(Mac mac, ReservationRequest request) {
        return ENCODER.encodeToString(Arrays.copyOf(mac.doFinal(bytes(said(request))), MAC_BYTES));
    }

    /** No two requests have the same: none of the parts has a control character in it. */
    private static String said(ReservationRequest request) {
        return RequestMessage.VERSION
                + "\0"
                + request.id().value()
                + "\0"
                + request.user().value()
                + "\0"
                + request.quantity().units()
                + "\0"
                + request.requestedAt().toEpochMilli();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Mac mac(SecretKeySpec key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has " + ALGORITHM, e);
        }
    }
}
