package dev.flashstock.identity;

import dev.flashstock.stock.UserId;
import io.smallrye.jwt.auth.principal.DefaultJWTCallerPrincipal;
import io.smallrye.jwt.auth.principal.DefaultJWTTokenParser;
import io.smallrye.jwt.auth.principal.JWTAuthContextInfo;
import io.smallrye.jwt.auth.principal.JWTCallerPrincipal;
import io.smallrye.jwt.auth.principal.JWTCallerPrincipalFactory;
import io.smallrye.jwt.auth.principal.ParseException;
import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.JwtContext;
import org.jose4j.keys.resolvers.VerificationKeyResolver;
import org.jose4j.lang.UnresolvableKeyException;

/**
 * Verifies tokens as SmallRye JWT does, with the provider's keys where these are at a URL. A token whose subject cannot
 * be a user, or that says what no token says, is refused like any other that is not valid.
 */
@Singleton
@Alternative
@Priority(1)
public class Tokens extends JWTCallerPrincipalFactory {
    private final DefaultJWTTokenParser parser;

    Tokens(Instance<ProviderKeys> keys) {
        this.parser = new DefaultJWTTokenParser() {
            @Override
            protected VerificationKeyResolver getVerificationKeyResolver(JWTAuthContextInfo tokens)
                    throws UnresolvableKeyException {
                return tokens.getPublicKeyLocation() == null
                        ? super.getVerificationKeyResolver(tokens)
                        : (token, nesting) -> keys.get().resolve(token);
            }
        };
    }

    @Override
    public JWTCallerPrincipal parse(String token, JWTAuthContextInfo tokens) throws ParseException {
        try {
            JwtContext verified = parser.parse(token, tokens);
            JwtClaims claims = verified.getJwtClaims();
            if (claims.getSubject() == null) {
                throw new ParseException("The token has no subject");
            }
            new UserId(claims.getSubject());
            return new DefaultJWTCallerPrincipal(
                    verified.getJoseObjects().get(0).getHeader("typ"), claims);
        } catch (MalformedClaimException | RuntimeException e) {
            throw new ParseException("The token's header or claims are not those of a token", e);
        }
    }
}
