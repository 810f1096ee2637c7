package dev.flashstock.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

@QuarkusTest
@TestProfile(OwnServerTest.OwnRedis.class)
class OwnServerTest {
    private static final String OWN = "redis://127.0.0.1:9";

    @ConfigProperty(name = "quarkus.redis.hosts")
    String redisAddress;

    @Inject
    DynamoDbAsyncClient dynamoDb;

    @Test
    void theDevelopersOwnAddressWins() {
        assertThat(redisAddress).isEqualTo(OWN);
    }

    @Test
    void theOtherBackendsServeASecondApplicationInTheSameJvm() {
        assertThat(dynamoDb.listTables().join().tableNames()).isNotNull();
    }

    /** A server of the developer's own. */
    public static class OwnRedis implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("quarkus.redis.hosts", OWN);
        }
    }
}
