package dev.flashstock.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.flashstock.local.faults.Wire;
import dev.flashstock.local.partitions.Limits;
import dev.flashstock.local.partitions.Throughput;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/**
 * Asks the {@link ControlServer}.
 *
 * @param address where it listens
 */
public record Control(String address) {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    /** Sets a table's limits, and begins to count anew. */
    public Uni<Void> limit(String table, Limits limits) {
        return send(
                        "PUT",
                        "dynamodb/limits/" + table,
                        Wire.MAPPER.valueToTree(limits).toString())
                .invoke(Control::check)
                .replaceWithVoid();
    }

    /** What a table with limits has spent. */
    public Uni<Throughput> throughput(String table) {
        return send("GET", "dynamodb/limits/" + table, "").map(Control::throughput);
    }

    /** Takes a table's limits away; answers with what it has spent. */
    public Uni<Throughput> unlimit(String table) {
        return send("DELETE", "dynamodb/limits/" + table, "").map(Control::throughput);
    }

    private static Throughput throughput(Response response) {
        try {
            JsonNode state = Wire.MAPPER.readTree((String) check(response).getEntity());
            return Wire.MAPPER.treeToValue(state.path("throughput"), Throughput.class);
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

    /** The server's own answer. */
    Uni<Response> send(String method, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address + "/" + path))
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
