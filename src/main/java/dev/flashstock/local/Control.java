package dev.flashstock.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.flashstock.local.faults.Wire;
import dev.flashstock.local.partitions.Limits;
import dev.flashstock.local.partitions.Throughput;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** Asks the {@link ControlServer} of a backend that runs in this JVM. */
public final class Control {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    /** Whether a backend runs in this JVM, behind a wire. */
    public boolean has(Backend backend) {
        return LocalBackends.control(backend).isPresent();
    }

    /** Sets a table's limits, and begins to count anew. */
    public Uni<Void> limit(String table, Limits limits) {
        return send("PUT", path(table), Wire.MAPPER.valueToTree(limits).toString())
                .invoke(Control::check)
                .replaceWithVoid();
    }

    /** A table's limits; empty if it has none. */
    public Uni<Optional<Limits>> limits(String table) {
        return send("GET", path(table), "").map(state -> Optional.ofNullable(read(state, "limits", Limits.class)));
    }

    /** What a table with limits has spent; nothing if it has none. */
    public Uni<Throughput> throughput(String table) {
        return send("GET", path(table), "").map(Control::throughput);
    }

    /** Takes a table's limits away; answers with what it has spent. */
    public Uni<Throughput> unlimit(String table) {
        return send("DELETE", path(table), "").map(Control::throughput);
    }

    private static String path(String table) {
        return Backend.DYNAMODB.path() + "/limits/" + URLEncoder.encode(table, StandardCharsets.UTF_8);
    }

    private static Throughput throughput(Response response) {
        return Optional.ofNullable(read(response, "throughput", Throughput.class))
                .orElse(Throughput.NONE);
    }

    private static <T> T read(Response response, String field, Class<T> type) {
        try {
            JsonNode state = Wire.MAPPER.readTree((String) check(response).getEntity());
            return Wire.MAPPER.treeToValue(state.path(field), type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Response check(Response response) {
        if (response.getStatus() != Response.Status.OK.getStatusCode()) {
            throw new IllegalStateException("The wires refuse: " + response.getEntity());
        }
        return response;
    }

    /**
     * The server's own answer.
     *
     * @param method GET, PUT or DELETE
     * @param path what it is about, encoded: {@code dynamodb/limits/table}
     * @param body JSON, or nothing
     */
    Uni<Response> send(String method, String path, String body) {
        Optional<String> server = Arrays.stream(Backend.values())
                .filter(backend -> path.equals(backend.path()) || path.startsWith(backend.path() + "/"))
                .findFirst()
                .flatMap(LocalBackends::control);
        if (server.isEmpty()) {
            return Uni.createFrom()
                    .item(Response.status(Response.Status.NOT_FOUND)
                            .entity(Wire.MAPPER
                                    .valueToTree(Map.of("status", 404, "detail", "No such backend is embedded here"))
                                    .toString())
                            .build());
        }
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.get() + "/" + path))
                .timeout(PATIENCE)
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        return Uni.createFrom()
                .completionStage(() -> CLIENT.sendAsync(request, HttpResponse.BodyHandlers.ofString()))
                .map(answer -> Response.status(answer.statusCode())
                        .entity(answer.body())
                        .build());
    }
}
