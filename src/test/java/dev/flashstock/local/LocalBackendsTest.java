package dev.flashstock.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.redis.datasource.RedisDataSource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.UUID;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

@QuarkusTest
class LocalBackendsTest {
    @Inject
    DynamoDbAsyncClient dynamoDb;

    @Inject
    SqsAsyncClient sqs;

    @Inject
    RedisDataSource redis;

    @ConfigProperty(name = "quarkus.redis.hosts")
    URI redisHosts;

    @Test
    void dynamoDbAnswers() {
        // When
        var tables = dynamoDb.listTables().join();

        // Then
        assertThat(tables.tableNames()).isNotNull();
    }

    @Test
    void aMessageComesBackThroughTheAddressInTheQueuesUrl() {
        // Given
        String queue = sqs.createQueue(q -> q.queueName("local-" + UUID.randomUUID()))
                .join()
                .queueUrl();
        sqs.sendMessage(m -> m.queueUrl(queue).messageBody("hello").messageGroupId("fair"))
                .join();

        // When
        var received =
                sqs.receiveMessage(r -> r.queueUrl(queue).waitTimeSeconds(1)).join();

        // Then
        assertThat(received.messages())
                .singleElement()
                .satisfies(m -> assertThat(m.body()).isEqualTo("hello"));
    }

    @Test
    void redisAnswersInTheDatabaseOfTheTests() {
        // When
        var pong = redis.execute("PING");

        // Then
        assertThat(pong.toString()).isEqualTo("PONG");
        assertThat(redisHosts.getPath()).isEqualTo("/1");
    }
}
