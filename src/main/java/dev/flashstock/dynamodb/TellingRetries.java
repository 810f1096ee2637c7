package dev.flashstock.dynamodb;

import dev.flashstock.heat.Throttle;
import java.util.function.Consumer;
import software.amazon.awssdk.retries.api.AcquireInitialTokenRequest;
import software.amazon.awssdk.retries.api.AcquireInitialTokenResponse;
import software.amazon.awssdk.retries.api.RecordSuccessRequest;
import software.amazon.awssdk.retries.api.RecordSuccessResponse;
import software.amazon.awssdk.retries.api.RefreshRetryTokenRequest;
import software.amazon.awssdk.retries.api.RefreshRetryTokenResponse;
import software.amazon.awssdk.retries.api.RetryStrategy;

/**
 * Tells of each throttle, also of those that the SDK tries again and nobody else hears of: every failed attempt passes
 * here, the last one too.
 */
public final class TellingRetries implements RetryStrategy {
    private final RetryStrategy retries;
    private final Consumer<Throttle> listener;

    /**
     * Listens to a strategy.
     *
     * @param retries what decides
     * @param listener is told, on the client's threads
     */
    public TellingRetries(RetryStrategy retries, Consumer<Throttle> listener) {
        this.retries = retries;
        this.listener = listener;
    }

    @Override
    public AcquireInitialTokenResponse acquireInitialToken(AcquireInitialTokenRequest request) {
        return retries.acquireInitialToken(request);
    }

    @Override
    public RefreshRetryTokenResponse refreshRetryToken(RefreshRetryTokenRequest request) {
        Throttles.of(request.failure()).forEach(listener);
        return retries.refreshRetryToken(request);
    }

    @Override
    public RecordSuccessResponse recordSuccess(RecordSuccessRequest request) {
        return retries.recordSuccess(request);
    }

    @Override
    public int maxAttempts() {
        return retries.maxAttempts();
    }

    /** Else the client would build another one without the listener. */
    @Override
    public boolean useClientDefaults() {
        return false;
    }

    @Override
    public Builder<?, ?> toBuilder() {
        return retries.toBuilder();
    }
}
