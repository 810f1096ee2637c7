package dev.flashstock.local.faults;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A wire to a backend that speaks HTTP as AWS does: one operation in each request, named by {@code X-Amz-Target}. What
 * goes wrong on it is up to its {@link Faults}, what gets through to its {@link Gate}.
 *
 * <p>Order of events: faults are drawn, the gate judges, the backend takes its (longer) time, the gate settles, the
 * answer goes back, or does not.
 */
public final class HttpWire implements Wire {
    private static final String TARGET = "X-Amz-Target";
    /** DynamoDB takes requests of up to 16 MiB. */
    private static final long MAX_BODY_BYTES = 16L << 20;

    private final Vertx vertx;
    private final HttpBackend server;
    private final Faults faults;
    private final Gate gate;
    private final LateDuplicates duplicates;
    private final HttpServer end;
    private final Set<HttpConnection> connections = ConcurrentHashMap.newKeySet();
    private volatile boolean cut;

    /**
     * Makes a wire on a free port of the loopback interface.
     *
     * @param vertx what it runs on; one event loop is enough
     * @param server the backend, which closes with the wire
     * @param faults what goes wrong
     * @param gate what gets through
     * @throws IllegalStateException if no port can be had
     */
    public HttpWire(Vertx vertx, HttpBackend server, Faults faults, Gate gate) {
        this.vertx = vertx;
        this.server = server;
        this.faults = faults;
        this.gate = gate;
        this.duplicates = new LateDuplicates(vertx);
        this.end = vertx.createHttpServer(new HttpServerOptions().setMaxHeaderSize(HttpBackend.MAX_HEADER_BYTES))
                .connectionHandler(this::connected)
                .requestHandler(this::receive);
        Wire.listening(end.listen(0, server.address().getHost()));
    }

    @Override
    public URI address() {
        return URI.create("http://" + server.address().getHost() + ":" + end.actualPort());
    }

    @Override
    public Faults faults() {
        return faults;
    }

    @Override
    public void cut() {
        cut = true;
        // Closing takes its time: what still comes in on them is not served, also when the wire is mended by then.
        List<HttpConnection> closing = List.copyOf(connections);
        closing.forEach(connections::remove);
        closing.forEach(HttpConnection::close);
    }

    @Override
    public void mend() {
        cut = false;
    }

    private void connected(HttpConnection connection) {
        connections.add(connection); // first: a cut meanwhile finds it
        if (cut) {
            connections.remove(connection);
            connection.close();
            return;
        }
        connection.exceptionHandler(gone -> connection.close()); // the client has hung up
        connection.closeHandler(closed -> connections.remove(connection));
    }

    private void receive(HttpServerRequest request) {
        if (!connections.contains(request.connection())) {
            request.connection().close();
            return;
        }
        body(request)
                .compose(body -> serve(request, body))
                .onFailure(broken -> request.connection().close());
    }

    private static Future<Buffer> body(HttpServerRequest request) {
        Promise<Buffer> whole = Promise.promise();
        Buffer body = Buffer.buffer();
        request.exceptionHandler(whole::tryFail);
        request.endHandler(end -> whole.tryComplete(body));
        request.handler(chunk -> {
            if (body.length() + chunk.length() > MAX_BODY_BYTES) {
                whole.tryFail("The body is too large");
            } else {
                body.appendBuffer(chunk);
            }
        });
        return whole.future();
    }

    private Future<Void> serve(HttpServerRequest request, Buffer body) {
        Gate.Request asked = new Gate.Request(operation(request), request.headers(), body);
        Mishap mishap = faults.next(asked.operation(), () -> body.toString(StandardCharsets.UTF_8));
        if (mishap.requestLost()) {
            return request.connection().close();
        }
        Fault.Failure failure = mishap.failure();
        if (failure != null) {
            return after(mishap.delayMillis()).compose(x -> respond(request, error(failure), mishap));
        }
        if (mishap.duplicateMillis() > 0) {
            duplicates.after(mishap.duplicateMillis(), () -> duplicate(request, asked));
        }
        return pass(request, asked, mishap.delayMillis())
                .compose(answer -> after(mishap.answerLateMillis()).map(answer))
                .compose(answer -> respond(request, answer, mishap));
    }

    /** Nobody waits for the answer: that the backend did not take it either is the duplicate lost. */
    private void duplicate(HttpServerRequest request, Gate.Request asked) {
        pass(request, asked, 0).otherwiseEmpty();
    }

    private static String operation(HttpServerRequest request) {
        String target = request.getHeader(TARGET);
        return target == null ? request.method().name() : target.substring(target.lastIndexOf('.') + 1);
    }

    private Future<Gate.Answer> pass(HttpServerRequest request, Gate.Request asked, long delayMillis) {
        return gate.admit(asked).compose(passage -> {
            if (passage instanceof Gate.Passage.Refused refused) {
                return Future.succeededFuture(refused.answer());
            }
            Gate.Passage.Admitted admitted = (Gate.Passage.Admitted) passage;
            return after(delayMillis)
                    .compose(x -> server.ask(request.method(), request.uri(), asked.headers(), admitted.body()))
                    .onFailure(broken -> admitted.settlement().broken())
                    .map(admitted.settlement()::answered);
        });
    }

    private static Future<Void> respond(HttpServerRequest request, Gate.Answer answer, Mishap mishap) {
        HttpServerResponse response = request.response();
        if (response.closed()) {
            return Future.succeededFuture();
        }
        if (mishap.ending() == Mishap.Ending.LOST) {
            return request.connection().close();
        }
        response.setStatusCode(answer.status());
        HttpBackend.copy(answer.headers(), response.headers());
        if (mishap.ending() == Mishap.Ending.CUT) {
            response.putHeader(
                    HttpHeaders.CONTENT_LENGTH, Integer.toString(answer.body().length() + 1));
            return response.write(answer.body().slice(0, answer.body().length() / 2))
                    .compose(x -> request.connection().close());
        }
        return response.end(answer.body());
    }

    private static Gate.Answer error(Fault.Failure failure) {
        Map<String, String> body = new TreeMap<>();
        body.put("__type", "com.amazonaws#" + failure.type());
        body.put("message", failure.message());
        return Wire.json(failure.status(), body);
    }

    private Future<Void> after(long millis) {
        if (millis == 0) {
            return Future.succeededFuture();
        }
        Promise<Void> later = Promise.promise();
        vertx.setTimer(millis, timer -> later.complete());
        return later.future();
    }

    @Override
    public void close() {
        cut();
        Wire.closed(Future.all(end.close(), server.close()));
    }
}
