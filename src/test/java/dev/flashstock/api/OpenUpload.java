package dev.flashstock.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.parsetools.RecordParser;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An upload that goes on while its answers are read: what an HTTP client for tests does not do. */
final class OpenUpload implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;
    private static final String END = "";

    private final HttpClient client;
    private final HttpClientRequest request;
    private final Future<HttpClientResponse> response;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

    /**
     * Begins one.
     *
     * @param vertx runs it
     * @param server where to
     * @param type the file's media type
     * @param key the request's idempotency key
     */
    OpenUpload(Vertx vertx, URI server, String type, String key) {
        client = vertx.createHttpClient(new HttpClientOptions());
        request = result(client.request(HttpMethod.POST, server.getPort(), server.getHost(), "/adjustments"));
        request.setChunked(true)
                .putHeader("X-User", "admin")
                .putHeader("Content-Type", type)
                .putHeader("Idempotency-Key", key);
        response = request.response().onSuccess(this::read);
        result(request.sendHead());
    }

    private void read(HttpClientResponse answer) {
        answer.handler(RecordParser.newDelimited("\n", line -> lines.add(line.toString())));
        answer.endHandler(end -> lines.add(END));
        answer.exceptionHandler(e -> lines.add(END));
    }

    OpenUpload send(String text) {
        return send(Uploads.bytes(text));
    }

    OpenUpload send(byte[] bytes) {
        result(request.write(Buffer.buffer(bytes)));
        return this;
    }

    OpenUpload end() {
        result(request.end());
        return this;
    }

    int status() {
        return result(response).statusCode();
    }

    String header(String name) {
        return result(response).getHeader(name);
    }

    /** Waits for the next line of the answer; an empty one is its end. */
    String nextLine() {
        try {
            String line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(line).as("a line within %d s", PATIENCE_SECONDS).isNotNull();
            return line;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    Map<String, Object> next() {
        return Uploads.parsed(nextLine());
    }

    /** Waits for the end of the answer and tells what is left of it, the summary last. */
    List<Map<String, Object>> rest() {
        List<Map<String, Object>> rest = new ArrayList<>();
        for (String line = nextLine(); !line.equals(END); line = nextLine()) {
            rest.add(Uploads.parsed(line));
        }
        return rest;
    }

    /** Goes away, whatever is under way. */
    @Override
    public void close() {
        result(client.close());
    }

    private static <T> T result(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
