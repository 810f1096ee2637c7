package dev.flashstock.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.flashstock.local.faults.FaultRule;
import dev.flashstock.local.faults.Gate;
import dev.flashstock.local.faults.Wire;
import dev.flashstock.local.partitions.Limits;
import dev.flashstock.local.partitions.PartitionGate;
import dev.flashstock.local.partitions.PartitionProxy;
import dev.flashstock.local.partitions.Throughput;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Controls the wires over HTTP, because whoever wants to may live in another class loader, or be a person:
 *
 * <ul>
 *   <li>{@code GET /dynamodb}: what is set, and what happened
 *   <li>{@code PUT, DELETE /dynamodb/faults}: a list of {@link FaultRule}s; so for {@code sqs} and {@code redis}
 *   <li>{@code PUT, DELETE /dynamodb/cut}: nobody gets through
 *   <li>{@code PUT, GET, DELETE /dynamodb/limits/{table}}: {@link Limits}, and what was spent since
 * </ul>
 *
 * Each answers with what is so then.
 */
final class ControlServer {
    private final Map<String, Wire> wires = new ConcurrentHashMap<>();
    private final HttpServer server;

    ControlServer(Vertx vertx) {
        this.server = vertx.createHttpServer().requestHandler(this::receive);
        Wire.listening(server.listen(0, LocalBackends.LOOPBACK));
    }

    /** Controls a wire from now on. */
    void add(Backend backend, Wire wire) {
        wires.put(backend.path(), wire);
    }

    URI address() {
        return URI.create("http://" + LocalBackends.LOOPBACK + ":" + server.actualPort());
    }

    private void receive(HttpServerRequest request) {
        request.body()
                .map(body -> answer(request.method(), QueryStringDecoder.decodeComponent(request.path()), body))
                .otherwise(failure -> refusal(500, String.valueOf(failure)))
                .onSuccess(answer -> request.response()
                        .setStatusCode(answer.status())
                        .putHeader("Content-Type", "application/json")
                        .end(answer.body()));
    }

    private Gate.Answer answer(HttpMethod method, String path, Buffer body) {
        String[] parts = path.substring(1).split("/", 3);
        Wire wire = wires.get(parts[0]);
        if (wire == null) {
            return refusal(404, "There is " + new TreeSet<>(wires.keySet()));
        }
        try {
            Object state = change(method, wire, parts, body);
            return state == null
                    ? refusal(404, "No such thing to " + method.name().toLowerCase(Locale.ROOT))
                    : Wire.json(200, state);
        } catch (JsonProcessingException | IllegalArgumentException | IllegalStateException e) {
            return refusal(
                    400, String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }

    /** What is so then; null when there is no such thing to change. */
    private @Nullable Object change(HttpMethod method, Wire wire, String[] parts, Buffer body)
            throws JsonProcessingException {
        String what = parts.length == 1 ? "" : parts[1];
        boolean put = method.equals(HttpMethod.PUT);
        if (!put && !method.equals(HttpMethod.DELETE) && !method.equals(HttpMethod.GET)) {
            return null;
        }
        if (what.equals("limits") && parts.length == 3 && wire instanceof PartitionProxy proxy) {
            return limits(method, proxy.partitions(), parts[2], body);
        }
        if (what.equals("faults") && put) {
            wire.faults().set(read(body, new TypeReference<List<FaultRule>>() {}));
        } else if (what.equals("faults") && method.equals(HttpMethod.DELETE)) {
            wire.faults().clear();
        } else if (what.equals("cut") && put) {
            wire.cut();
        } else if (what.equals("cut") && method.equals(HttpMethod.DELETE)) {
            wire.mend();
        } else if (!what.isEmpty() || !method.equals(HttpMethod.GET)) {
            return null;
        }
        return new State(wire.address(), wire.faults().rules(), wire.faults().happened());
    }

    private static Table limits(HttpMethod method, PartitionGate partitions, String table, Buffer body)
            throws JsonProcessingException {
        if (method.equals(HttpMethod.PUT)) {
            partitions.limit(table, read(body, new TypeReference<Limits>() {}));
        }
        Table state = new Table(partitions.limits(table), partitions.throughput(table));
        if (method.equals(HttpMethod.DELETE)) {
            partitions.unlimit(table);
        }
        return state;
    }

    private static <T> T read(Buffer body, TypeReference<T> type) throws JsonProcessingException {
        T value = Wire.MAPPER.readValue(body.toString(), type);
        if (value == null) {
            throw new IllegalArgumentException("The body is null");
        }
        return value;
    }

    private static Gate.Answer refusal(int status, String detail) {
        return Wire.json(status, Map.of("status", status, "detail", detail));
    }

    /** What is so on a wire. */
    record State(URI address, List<FaultRule> faults, Map<String, Long> happened) {}

    /** What is so with a table; a deletion answers with what was. */
    record Table(@Nullable Limits limits, @Nullable Throughput throughput) {}
}
