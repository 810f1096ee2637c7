package dev.flashstock.local.faults;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A backend that speaks HTTP, asked directly. */
public final class HttpBackend {
    static final int MAX_HEADER_BYTES = 64 << 10;

    private static final int MAX_CONNECTIONS = 1_000;
    /** Longer than any long poll. */
    private static final long SILENCE_MILLIS = 60_000;

    private static final int MAX_WAITING = 10_000;
    private static final Set<String> HOP_BY_HOP =
            Set.of("host", "content-length", "transfer-encoding", "connection", "keep-alive", "expect");

    private final URI address;
    private final HttpClient client;

    /**
     * Uses a backend.
     *
     * @param vertx what connections run on
     * @param address where it listens
     */
    public HttpBackend(Vertx vertx, URI address) {
        this.address = address;
        this.client = vertx.httpClientBuilder()
                .with(new HttpClientOptions().setMaxHeaderSize(MAX_HEADER_BYTES))
                .with(new PoolOptions().setHttp1MaxSize(MAX_CONNECTIONS).setMaxWaitQueueSize(MAX_WAITING))
                // Whoever asks is told; there is nobody else to tell.
                .withConnectHandler(connection -> connection.exceptionHandler(broken -> connection.close()))
                .build();
    }

    URI address() {
        return address;
    }

    /** Posts to the root, as DynamoDB is asked for everything. */
    public Future<Gate.Answer> post(Gate.Request request) {
        return ask(HttpMethod.POST, "/", request.headers(), request.body());
    }

    /** Asks, with all headers but those that belong to a connection. */
    Future<Gate.Answer> ask(HttpMethod method, String uri, MultiMap headers, Buffer body) {
        return client.request(new RequestOptions()
                        .setHost(address.getHost())
                        .setPort(address.getPort())
                        .setIdleTimeout(SILENCE_MILLIS)
                        .setMethod(method)
                        .setURI(uri))
                .compose(request -> send(request, headers, body));
    }

    private static Future<Gate.Answer> send(HttpClientRequest request, MultiMap headers, Buffer body) {
        copy(headers, request.headers());
        return request.send(body)
                .compose(answer ->
                        answer.body().map(text -> new Gate.Answer(answer.statusCode(), answer.headers(), text)));
    }

    /** Copies what is meant for the other end, not for the next hop. */
    static void copy(MultiMap from, MultiMap to) {
        for (Map.Entry<String, String> header : from) {
            if (!HOP_BY_HOP.contains(header.getKey().toLowerCase(Locale.ROOT))) {
                to.add(header.getKey(), header.getValue());
            }
        }
    }

    Future<Void> close() {
        return client.close();
    }
}
