package dev.flashstock.it;

import dev.flashstock.sale.Books;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** A table, a queue and a place in Redis of a test's own, on the embedded backends. */
final class OwnBackends implements AutoCloseable {
    private static final List<QueueAttributeName> COUNTS = List.of(
            QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
            QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE);

    private final String name;
    private final Map<String, String> settings = EmbeddedBackends.patient();
    private final DynamoDbAsyncClient table;
    private final SqsAsyncClient queue;

    OwnBackends(String test) {
        this.name = test + "-" + UUID.randomUUID();
        settings.put("flashstock.dynamodb.table", name);
        settings.put("flashstock.sqs.queue", name);
        settings.put("flashstock.sqs.dead-letter-queue", name + "-dead");
        settings.put("flashstock.redis.key-prefix", name + ":");
        settings.put("quarkus.http.host", "127.0.0.1");
        // What a killed instance had received comes again soon, and an idle one ends soon.
        settings.put("flashstock.sqs.visibility", "6s");
        settings.put("flashstock.sqs.consumer.long-poll", "1s");
        this.table = pointed(DynamoDbAsyncClient.builder(), "quarkus.dynamodb").build();
        this.queue = pointed(SqsAsyncClient.builder(), "quarkus.sqs").build();
    }

    private <B extends AwsClientBuilder<B, C>, C> B pointed(B builder, String prefix) {
        String credentials = prefix + ".aws.credentials.static-provider.";
        return builder.endpointOverride(URI.create(settings.get(prefix + ".endpoint-override")))
                .region(Region.of(settings.get(prefix + ".aws.region")))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(
                        settings.get(credentials + "access-key-id"), settings.get(credentials + "secret-access-key"))));
    }

    /** The settings of instances that use them; may be changed. */
    Map<String, String> settings() {
        return settings;
    }

    /** Every item of the table. */
    List<Map<String, AttributeValue>> items() {
        return Books.scan(table, name);
    }

    /** How many messages wait in the queue or are being handled; an empty one has no request left that could be decided. */
    int messages() {
        String url =
                queue.getQueueUrl(request -> request.queueName(name)).join().queueUrl();
        return queue
                .getQueueAttributes(request -> request.queueUrl(url).attributeNames(COUNTS))
                .join()
                .attributes()
                .values()
                .stream()
                .mapToInt(Integer::parseInt)
                .sum();
    }

    @Override
    public void close() {
        table.close();
        queue.close();
    }
}
