package dev.flashstock.app;

import dev.flashstock.identity.IdentityConfig;
import dev.flashstock.identity.Jwks;
import dev.flashstock.identity.ProviderKeys;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.jwt.auth.principal.JWTAuthContextInfo;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.InstantSource;
import org.jose4j.lang.UnresolvableKeyException;

/** Who calls, put together. */
final class IdentityWiring {
    /** Got only where the keys are at a URL. */
    @Produces
    @Singleton
    ProviderKeys providerKeys(JWTAuthContextInfo tokens, IdentityConfig config, InstantSource clock) {
        try {
            return new ProviderKeys(
                    new Jwks(tokens, config.timeout()),
                    new ProviderKeys.Setting(config.refresh(), config.leastInterval(), config.keep(), config.timeout()),
                    clock,
                    Infrastructure.getDefaultWorkerPool());
        } catch (IOException | UnresolvableKeyException e) {
            throw new ConfigurationException("The identity provider's certificate cannot be read: " + e.getMessage()
                    + ". See smallrye.jwt.client.tls.");
        }
    }
}
