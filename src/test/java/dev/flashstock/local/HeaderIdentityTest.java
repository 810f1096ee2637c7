package dev.flashstock.local;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.jwt.build.Jwt;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
class HeaderIdentityTest {
    private static final String LONGEST = "u".repeat(128);

    @ParameterizedTest
    @CsvSource({
        "alice, alice [shopper]",
        "admin, admin [admin]",
        "operator, operator [operator]",
        "Jürgen, Jürgen [shopper]"
    })
    void theHeaderNamesTheCaller(String user, String expected) {
        given().header("X-User", user).get("/who-am-i").then().statusCode(200).body(equalTo(expected));
    }

    @Test
    void aNameOf128CharactersIsAccepted() {
        given().header("X-User", LONGEST).get("/who-am-i").then().statusCode(200);
    }

    @Test
    void whetherANameCanBeAUsersIsForTheApiToJudge() {
        given().header("X-User", LONGEST + "u").get("/who-am-i").then().statusCode(200);
    }

    @Test
    void withoutTheHeaderTheCallerIsAnonymous() {
        given().get("/who-am-i").then().statusCode(200).body(equalTo("anonymous"));
    }

    @Test
    void aBearerTokenWins() {
        // Given
        String token =
                Jwt.subject("storefront").upn("storefront").groups("service").sign();

        // When, Then
        given().header("X-User", "alice")
                .auth()
                .oauth2(token)
                .get("/who-am-i")
                .then()
                .statusCode(200)
                .body(equalTo("storefront [service]"));
    }

    @Test
    void aBadBearerTokenIsNotExcusedByTheHeader() {
        given().header("X-User", "alice")
                .auth()
                .oauth2("nonsense")
                .get("/who-am-i")
                .then()
                .statusCode(401);
    }

    /** Answers with the caller's name and roles. */
    @Path("/who-am-i")
    public static class WhoAmI {
        private final SecurityIdentity identity;

        WhoAmI(SecurityIdentity identity) {
            this.identity = identity;
        }

        @GET
        public String name() {
            Set<String> roles = new TreeSet<>(identity.getRoles());
            return identity.isAnonymous()
                    ? "anonymous"
                    : identity.getPrincipal().getName() + " " + roles;
        }
    }
}
