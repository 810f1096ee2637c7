package dev.flashstock.identity;

import dev.flashstock.inventory.Unavailable;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.subscription.Cancellable;
import io.smallrye.mutiny.unchecked.Unchecked;
import java.security.Key;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jboss.logging.Logger;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jwk.Use;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.UnresolvableKeyException;
import org.jspecify.annotations.Nullable;

/**
 * The keys that the identity provider publishes, in memory.
 *
 * <p>They are read at the start, again and again, and when a token names a key that is not among them: so a new key is
 * found, and one that was withdrawn is forgotten. One reading is under way at a time, whoever waits for it, and between
 * the beginnings of two there is the least interval: made-up names of keys cannot make a process ask the provider more
 * often. While the provider does not answer, the keys that are known stay in use, for a bounded time.
 */
public final class ProviderKeys {
    private static final Logger LOG = Logger.getLogger(ProviderKeys.class);

    private final KeySource source;
    private final Setting setting;
    private final InstantSource clock;
    private final Executor workers;

    private volatile Known known = new Known(List.of(), Instant.MIN);
    private volatile boolean missed;
    private Instant nextReading = Instant.MIN;
    private CompletableFuture<@Nullable Void> reading = CompletableFuture.completedFuture(null);
    private @Nullable Cancellable readings;

    /**
     * The bounds.
     *
     * @param refresh how often the keys are read
     * @param leastInterval how often at most
     * @param keep how long they are used after they were read
     * @param timeout how long a token waits for a reading
     */
    public record Setting(Duration refresh, Duration leastInterval, Duration keep, Duration timeout) {}

    private record Known(List<PublicJsonWebKey> keys, Instant readAt) {}

    /**
     * No key is known yet.
     *
     * @param source where they are read
     * @param setting the bounds
     * @param clock tells how old they are
     * @param workers where it is read: it blocks
     */
    public ProviderKeys(KeySource source, Setting setting, InstantSource clock, Executor workers) {
        this.source = source;
        this.setting = setting;
        this.clock = clock;
        this.workers = workers;
    }

    /** Reads the keys now and from time to time, until it is stopped. Waits for nothing. */
    public void start() {
        read();
        readings = Multi.createFrom()
                .ticks()
                .startingAfter(setting.refresh())
                .every(setting.refresh())
                .onOverflow()
                .drop()
                .subscribe()
                .with(tick -> read());
    }

    /** Reads them no more by itself. */
    public void stop() {
        if (readings != null) {
            readings.cancel();
        }
    }

    /**
     * Waits until it can be said whether a key is one of the provider's: at once if it is known.
     *
     * @param kid the name of a token's key; null: the token names none
     * @return completes when it can be said; fails with {@link Unavailable} when the provider does not answer
     */
    public Uni<Void> settled(@Nullable String kid) {
        if (isKnown(kid)) {
            return Uni.createFrom().voidItem();
        }
        return Uni.createFrom()
                .completionStage(() -> {
                    read();
                    return underWay();
                })
                .ifNoItem()
                .after(setting.timeout())
                .failWith(ProviderKeys::silent)
                .invoke(() -> {
                    if (!isKnown(kid) && (missed || current().isEmpty())) {
                        throw silent();
                    }
                });
    }

    /**
     * The key that a token is to be verified with.
     *
     * @param token names its key, or is verified with the only one there is
     * @return a public key, for the token's algorithm as far as the provider says for which it is
     * @throws UnresolvableKeyException when there is none
     */
    Key resolve(JsonWebSignature token) throws UnresolvableKeyException {
        String kid = token.getKeyIdHeaderValue();
        String algorithm = token.getAlgorithmHeaderValue();
        List<PublicJsonWebKey> fitting = current().stream()
                .filter(key -> kid == null || kid.equals(key.getKeyId()))
                .filter(key -> key.getAlgorithm() == null || key.getAlgorithm().equals(algorithm))
                .toList();
        if (fitting.isEmpty() || (kid == null && fitting.size() > 1)) {
            throw new UnresolvableKeyException("None of the identity provider's keys is this token's");
        }
        return fitting.get(0).getPublicKey();
    }

    private static Unavailable silent() {
        return new Unavailable("The identity provider does not tell its keys");
    }

    /** Whether it can be said at once. */
    boolean isKnown(@Nullable String kid) {
        List<PublicJsonWebKey> keys = current();
        return kid == null ? !keys.isEmpty() : keys.stream().anyMatch(key -> kid.equals(key.getKeyId()));
    }

    /** What is known and not too old. */
    private List<PublicJsonWebKey> current() {
        Known now = known;
        return now.readAt().isAfter(clock.instant().minus(setting.keep())) ? now.keys() : List.of();
    }

    /** Begins to read, unless that was just done. */
    private synchronized void read() {
        Instant now = clock.instant();
        if (reading.isDone() && !now.isBefore(nextReading)) {
            nextReading = now.plus(setting.leastInterval());
            reading = Uni.createFrom()
                    .item(Unchecked.supplier(source::read))
                    .runSubscriptionOn(workers)
                    .onItemOrFailure()
                    .<@Nullable Void>transform((keys, failure) -> {
                        if (failure == null) {
                            replace(keys, now);
                        } else {
                            miss(failure);
                        }
                        return null;
                    })
                    .subscribeAsCompletionStage();
        }
    }

    /** Ends when the reading that is under way does. */
    private synchronized CompletableFuture<@Nullable Void> underWay() {
        return reading.copy();
    }

    private void replace(List<JsonWebKey> published, Instant at) {
        List<PublicJsonWebKey> keys = published.stream()
                .filter(key -> key instanceof PublicJsonWebKey && !Use.ENCRYPTION.equals(key.getUse()))
                .map(PublicJsonWebKey.class::cast)
                .toList();
        known = new Known(keys, at);
        missed = false;
    }

    private void miss(Throwable failure) {
        missed = true;
        LOG.warnf("Keys of the identity provider not read error=%s", failure);
    }
}
