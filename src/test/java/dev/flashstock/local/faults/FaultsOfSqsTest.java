package dev.flashstock.local.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.flashstock.local.Backend;
import dev.flashstock.local.LocalBackends;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** Each fault as the SDK's client sees it, and what became of the message. */
class FaultsOfSqsTest {
    private static final Vertx VERTX = Wire.eventLoop();
    /** One for all: closing it takes its time. */
    private static final SdkAsyncHttpClient HTTP = NettyNioAsyncHttpClient.create();

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private HttpWire wire;
    private SqsAsyncClient client;
    private String queue;

    @BeforeEach
    void start() {
        URI server = LocalBackends.server(Backend.SQS);
        wire = new HttpWire(VERTX, new HttpBackend(VERTX, server), new Faults(1), Gate.OPEN);
        client = SqsAsyncClient.builder()
                .endpointOverride(wire.address())
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .httpClient(HTTP)
                .overrideConfiguration(config ->
                        config.retryStrategy(AwsRetryStrategy.doNotRetry()).apiCallTimeout(Duration.ofSeconds(30)))
                .build();
        queue = client.createQueue(create -> create.queueName("faults-" + UUID.randomUUID()))
                .join()
                .queueUrl();
    }

    @AfterEach
    void stop() {
        client.close();
        wire.close();
    }

    private void once(String operation, Fault fault) {
        wire.faults().set(FaultRule.always(fault).on(operation).times(1));
    }

    private void send() {
        client.sendMessage(send -> send.queueUrl(queue).messageBody("hello")).join();
    }

    private List<Message> receive() {
        return client.receiveMessage(
                        receive -> receive.queueUrl(queue).visibilityTimeout(1).waitTimeSeconds(0))
                .join()
                .messages();
    }

    @Test
    void an_error_instead_of_an_answer() {
        // Given
        once("SendMessage", new Fault.Failure(500, "InternalError", "Try again"));

        // When, Then
        assertThatThrownBy(this::send).cause().isInstanceOfSatisfying(SqsException.class, failure -> {
            assertThat(failure.statusCode()).isEqualTo(500);
            assertThat(failure.awsErrorDetails().errorCode()).isEqualTo("InternalError");
            assertThat(failure.awsErrorDetails().errorMessage()).isEqualTo("Try again");
        });
        assertThat(receive()).isEmpty();
    }

    @Test
    void a_message_that_is_lost_is_not_queued() {
        // Given
        once("SendMessage", new Fault.RequestLost());

        // When
        assertThatThrownBy(this::send).hasCauseInstanceOf(SdkClientException.class);

        // Then
        assertThat(receive()).isEmpty();
    }

    @Test
    void a_message_whose_answer_is_lost_is_queued() {
        // Given
        once("SendMessage", new Fault.AnswerLost());

        // When
        assertThatThrownBy(this::send).hasCauseInstanceOf(SdkClientException.class);

        // Then
        assertThat(receive()).hasSize(1);
    }

    @Test
    void a_message_comes_twice() {
        // Given
        once("SendMessage", new Fault.LateDuplicate(100));
        Set<String> ids = new HashSet<>();

        // When
        send();

        // Then
        await().atMost(PATIENCE).until(() -> {
            receive().forEach(message -> ids.add(message.messageId()));
            return ids.size() == 2;
        });
    }

    @Test
    void a_message_whose_reception_is_lost_comes_again() {
        // Given
        send();
        once("ReceiveMessage", new Fault.AnswerCut());

        // When
        assertThatThrownBy(this::receive).hasCauseInstanceOf(SdkClientException.class);

        // Then
        await().atMost(PATIENCE).until(() -> receive().size() == 1);
    }

    @Test
    void a_deletion_that_is_lost_lets_the_message_come_again() {
        // Given
        send();
        String handle = receive().get(0).receiptHandle();
        once("DeleteMessage", new Fault.RequestLost());

        // When
        assertThatThrownBy(() -> client.deleteMessage(
                                delete -> delete.queueUrl(queue).receiptHandle(handle))
                        .join())
                .hasCauseInstanceOf(SdkClientException.class);

        // Then
        await().atMost(PATIENCE).until(() -> receive().size() == 1);
    }

    @Test
    void a_slow_queue_answers_in_the_end() {
        // Given
        once("SendMessage", new Fault.Latency(300, 300));
        long begin = System.nanoTime();

        // When
        send();

        // Then
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
    }

    @Test
    void a_wire_is_cut_and_mended() {
        // Given
        send();
        wire.cut();

        // When
        assertThatThrownBy(this::send).hasCauseInstanceOf(SdkClientException.class);
        wire.mend();

        // Then
        send();
    }
}
