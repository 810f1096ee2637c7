package dev.flashstock.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

@QuarkusTest
@TestProfile(OwnServerTest.OwnSqs.class)
class OwnServerTest {
    private static final String OWN = "http://127.0.0.1:9";

    @ConfigProperty(name = "quarkus.sqs.endpoint-override")
    String sqsAddress;

    @ConfigProperty(name = "quarkus.sqs.aws.credentials.static-provider.access-key-id")
    Optional<String> sqsAccessKey;

    @Inject
    DynamoDbAsyncClient dynamoDb;

    @Test
    void theDevelopersOwnAddressWinsAndHisCredentialsAreLeftAlone() {
        assertThat(sqsAddress).isEqualTo(OWN);
        assertThat(sqsAccessKey).isEmpty();
    }

    @Test
    void theOtherBackendsServeASecondApplicationInTheSameJvm() {
        assertThat(dynamoDb.listTables().join().tableNames()).isNotNull();
    }

    /** A server of the developer's own. */
    public static class OwnSqs implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("quarkus.sqs.endpoint-override", OWN, "quarkus.sqs.aws.region", "eu-central-1");
        }
    }
}
