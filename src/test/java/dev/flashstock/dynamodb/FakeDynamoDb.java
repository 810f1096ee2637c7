package dev.flashstock.dynamodb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiFunction;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** What the real DynamoDB says under load and DynamoDB Local never does, over the wire. */
public final class FakeDynamoDb implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();

    /** One for all: closing it takes its time. */
    private static final SdkAsyncHttpClient HTTP = NettyNioAsyncHttpClient.create();

    /**
     * An answer.
     *
     * @param status the HTTP status; 0: the connection is closed without one
     * @param body JSON
     */
    public record Answer(int status, String body) {
        public static Answer error(int status, String type) {
            return new Answer(
                    status,
                    "{\"__type\":\"com.amazonaws.dynamodb.v20120810#" + type + "\",\"message\":\"" + type + "\"}");
        }

        /** A cancelled transaction; each reason is JSON. */
        static Answer cancelled(String... reasons) {
            return new Answer(
                    400,
                    "{\"__type\":\"com.amazonaws.dynamodb.v20120810#TransactionCanceledException\",\"Message\":"
                            + "\"Transaction cancelled\",\"CancellationReasons\":[" + String.join(",", reasons) + "]}");
        }
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final DynamoDbAsyncClient client;
    private final List<String> calls = new CopyOnWriteArrayList<>();

    /** Answers what a function of the operation and the request's body says. */
    public FakeDynamoDb(BiFunction<String, JsonNode, Answer> answers) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> answer(exchange, answers));
        server.start();
        client = client(AwsRetryStrategy.doNotRetry());
    }

    /** A client of its own, to be closed. */
    DynamoDbAsyncClient client(RetryStrategy retries, ExecutionInterceptor... interceptors) {
        return DynamoDbAsyncClient.builder()
                .endpointOverride(
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort()))
                .region(Region.EU_WEST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any")))
                .httpClient(HTTP)
                .overrideConfiguration(config -> config.retryStrategy(retries)
                        .apiCallTimeout(Duration.ofSeconds(30))
                        .executionInterceptors(List.of(interceptors)))
                .build();
    }

    /** The same answer to everything. */
    static FakeDynamoDb always(Answer answer) throws IOException {
        return new FakeDynamoDb((operation, body) -> answer);
    }

    /** The same answer to every transaction; any other write is done. */
    static FakeDynamoDb transactions(Answer answer) throws IOException {
        return new FakeDynamoDb(
                (operation, body) -> operation.equals("TransactWriteItems") ? answer : new Answer(200, "{}"));
    }

    public DynamoDbAsyncClient client() {
        return client;
    }

    /** The operations asked for so far. */
    List<String> calls() {
        return calls;
    }

    private void answer(HttpExchange exchange, BiFunction<String, JsonNode, Answer> answers) throws IOException {
        try (exchange) {
            String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
            String operation = target.substring(target.indexOf('.') + 1);
            calls.add(operation);
            Answer answer = answers.apply(operation, JSON.readTree(exchange.getRequestBody()));
            if (answer.status() == 0) {
                return;
            }
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.0");
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    /** Reads a batch as the real one does under load: the first keys now, the rest left unprocessed. */
    static Answer someOf(JsonNode request, String table, int processed) {
        ObjectNode answer = JSON.createObjectNode();
        var items = answer.putObject("Responses").putArray(table);
        ObjectNode unprocessed = answer.putObject("UnprocessedKeys");
        JsonNode asked = request.get("RequestItems").get(table);
        ObjectNode rest = ((ObjectNode) asked).deepCopy();
        var restKeys = rest.putArray("Keys");
        int number = 0;
        for (JsonNode key : asked.get("Keys")) {
            if (number++ >= processed) {
                restKeys.add(key);
                continue;
            }
            String partition = key.get("PK").get("S").asText();
            String shard = partition.substring(partition.lastIndexOf('#') + 1);
            ObjectNode item = items.addObject();
            item.putObject("PK").put("S", partition);
            item.putObject("available").put("N", "1" + shard);
            item.putObject("version").put("N", shard);
        }
        if (!restKeys.isEmpty()) {
            unprocessed.set(table, rest);
        }
        return new Answer(200, answer.toString());
    }

    @Override
    public void close() {
        client.close();
        server.stop(0);
        threads.shutdownNow();
    }
}
