package dev.flashstock.cloudwatch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiFunction;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchAsyncClient;
import software.amazon.awssdk.thirdparty.jackson.core.JsonFactory;
import software.amazon.awssdk.thirdparty.jackson.core.JsonGenerator;
import software.amazon.awssdk.thirdparty.jackson.dataformat.cbor.CBORFactory;
import software.amazon.awssdk.thirdparty.jackson.dataformat.cbor.CBORGenerator;

/**
 * CloudWatch over the wire, in the protocol that the SDK speaks with it: Smithy RPC v2 with CBOR, where a time is tagged.
 */
final class FakeCloudWatch implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();

    private static final int EPOCH_SECONDS = 1;
    private static final CBORFactory CBOR = new CBORFactory();
    private static final JsonFactory TEXT = new JsonFactory();
    /** One for all: closing it takes its time. */
    private static final SdkAsyncHttpClient HTTP = NettyNioAsyncHttpClient.create();

    /** An answer: its status and body. */
    record Answer(int status, JsonNode body) {
        static Answer error(int status, String type) {
            ObjectNode body = JSON.createObjectNode();
            body.put("__type", "com.amazonaws.cloudwatch#" + type).put("message", type);
            return new Answer(status, body);
        }
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CloudWatchAsyncClient client;
    private final List<JsonNode> requests = new CopyOnWriteArrayList<>();

    /** Answers what a function of the operation and the request's body says. */
    FakeCloudWatch(BiFunction<String, JsonNode, Answer> answers) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> answer(exchange, answers));
        server.start();
        client = CloudWatchAsyncClient.builder()
                .endpointOverride(endpoint())
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("any", "any")))
                .httpClient(HTTP)
                .overrideConfiguration(config -> config.retryStrategy(AwsRetryStrategy.doNotRetry()))
                .build();
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    CloudWatchAsyncClient client() {
        return client;
    }

    /** What was asked so far, in JSON. */
    List<JsonNode> requests() {
        return requests;
    }

    private void answer(HttpExchange exchange, BiFunction<String, JsonNode, Answer> answers) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            JsonNode request = JSON.readTree(toJson(exchange.getRequestBody()));
            requests.add(request);
            Answer answer = answers.apply(path.substring(path.lastIndexOf('/') + 1), request);
            byte[] body = toCbor(answer.body());
            exchange.getResponseHeaders().add("Content-Type", "application/cbor");
            exchange.getResponseHeaders().add("smithy-protocol", "rpc-v2-cbor");
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static byte[] toJson(InputStream cbor) throws IOException {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        try (var parser = CBOR.createParser(cbor);
                JsonGenerator generator = TEXT.createGenerator(json)) {
            parser.nextToken();
            generator.copyCurrentStructure(parser);
        }
        return json.toByteArray();
    }

    private static byte[] toCbor(JsonNode node) throws IOException {
        ByteArrayOutputStream cbor = new ByteArrayOutputStream();
        try (CBORGenerator generator = CBOR.createGenerator(cbor)) {
            write(node, false, generator);
        }
        return cbor.toByteArray();
    }

    private static void write(JsonNode node, boolean time, CBORGenerator generator) throws IOException {
        if (node.isObject()) {
            generator.writeStartObject();
            for (Map.Entry<String, JsonNode> field : node.properties()) {
                generator.writeFieldName(field.getKey());
                write(field.getValue(), field.getKey().startsWith("Timestamp"), generator);
            }
            generator.writeEndObject();
        } else if (node.isArray()) {
            generator.writeStartArray();
            for (JsonNode element : node) {
                write(element, time, generator);
            }
            generator.writeEndArray();
        } else if (node.isTextual()) {
            generator.writeString(node.asText());
        } else if (node.isIntegralNumber()) {
            if (time) {
                generator.writeTag(EPOCH_SECONDS);
            }
            generator.writeNumber(node.asLong());
        } else {
            generator.writeNumber(node.asDouble());
        }
    }

    @Override
    public void close() {
        client.close();
        server.stop(0);
        threads.shutdownNow();
    }

    /** A recorded answer. */
    static JsonNode recorded(String name) throws IOException {
        try (InputStream file = FakeCloudWatch.class.getResourceAsStream("/cloudwatch/" + name + ".json")) {
            return JSON.readTree(new String(file.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
