package dev.flashstock.identity;

import java.io.IOException;
import java.util.List;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.lang.JoseException;

/** Where keys are read from. */
@FunctionalInterface
public interface KeySource {
    /**
     * Reads them. Blocks, but for a bounded time.
     *
     * @return every key that is published now
     * @throws IOException when the provider does not answer
     * @throws JoseException when its answer is no set of keys
     */
    List<JsonWebKey> read() throws IOException, JoseException;
}
