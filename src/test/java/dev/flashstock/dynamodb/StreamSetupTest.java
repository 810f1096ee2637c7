package dev.flashstock.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flashstock.local.Backend;
import dev.flashstock.local.LocalBackends;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

/** A table has a stream when it is made, or gets one, or is not followed. */
class StreamSetupTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String table = "stream-" + UUID.randomUUID();
    private final DynamoDbAsyncClient client = DynamoDbAsyncClient.builder()
            .endpointOverride(LocalBackends.server(Backend.DYNAMODB))
            .region(Region.EU_CENTRAL_1)
            .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
            .build();

    @BeforeEach
    void makeTable() {
        new DynamoDbSetup(client, table).provision().await().atMost(PATIENCE);
        setup().provision().await().atMost(PATIENCE);
    }

    @AfterEach
    void removeTable() {
        client.deleteTable(request -> request.tableName(table)).join();
        client.close();
    }

    @Test
    void aTableWhoseStreamIsProvisionedCanBeFollowed() {
        // When
        setup().check().await().atMost(PATIENCE);

        // Then
        assertThat(viewType()).isEqualTo(StreamViewType.NEW_IMAGE);
    }

    @Test
    void aTableWithoutAStreamCannotAndItIsSaidWhatToDo() {
        // Given
        switchOff();

        // When / Then
        assertThatThrownBy(() -> setup().check().await().atMost(PATIENCE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("it has no stream. Switch it on with the view type NEW_IMAGE")
                .hasMessageContaining("flashstock.provision=true")
                .hasMessageContaining("flashstock.totals.source=shards");
    }

    @Test
    void itGetsOneHoweverManyWantThat() {
        // Given
        switchOff();

        // When
        Uni.join()
                .all(setup().provision(), setup().provision(), setup().provision())
                .andFailFast()
                .await()
                .atMost(PATIENCE);

        // Then
        setup().check().await().atMost(PATIENCE);
        assertThat(viewType()).isEqualTo(StreamViewType.NEW_IMAGE);
    }

    @ParameterizedTest
    @EnumSource(names = {"KEYS_ONLY", "OLD_IMAGE"})
    void aStreamThatDoesNotTellTheUnitsIsNotEnough(StreamViewType type) {
        // Given
        switchOff();
        switchOn(type);
        setup().provision().await().atMost(PATIENCE); // which does not touch a stream that somebody else may need

        // When / Then
        assertThatThrownBy(() -> setup().check().await().atMost(PATIENCE))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("has the view type " + type);
        assertThat(viewType()).isEqualTo(type);
    }

    @Test
    void oneThatTellsMoreIsEnough() {
        // Given
        switchOff();
        switchOn(StreamViewType.NEW_AND_OLD_IMAGES);

        // When / Then
        setup().check().await().atMost(PATIENCE);
    }

    private StreamSetup setup() {
        return new StreamSetup(client, table);
    }

    private void switchOff() {
        client.updateTable(request -> request.tableName(table).streamSpecification(it -> it.streamEnabled(false)))
                .join();
    }

    private void switchOn(StreamViewType type) {
        client.updateTable(request -> request.tableName(table)
                        .streamSpecification(it -> it.streamEnabled(true).streamViewType(type)))
                .join();
    }

    private StreamViewType viewType() {
        return client.describeTable(request -> request.tableName(table))
                .join()
                .table()
                .streamSpecification()
                .streamViewType();
    }
}
