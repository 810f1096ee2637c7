package dev.flashstock.local.rehearsal;

import dev.flashstock.api.Problem;
import dev.flashstock.api.ProblemType;
import io.quarkus.arc.profile.IfBuildProfile;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jboss.resteasy.reactive.RestStreamElementType;

/** Rehearsing a flash sale. Dev mode and tests only. */
@Path("/rehearsals")
@Produces({MediaType.APPLICATION_JSON, Problem.MEDIA_TYPE})
@IfBuildProfile(anyOf = {"dev", "test"})
public class RehearsalsResource {
    private final Rehearsals rehearsals;

    RehearsalsResource(Rehearsals rehearsals) {
        this.rehearsals = rehearsals;
    }

    /** Begins one: shoppers come at random times and ask for one unit each. */
    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    public Uni<Response> begin(@NotNull @Valid RehearsalBody body, RoutingContext context) {
        URI api = URI.create(
                "http://localhost:" + context.request().localAddress().port());
        return rehearsals.begin(
                body,
                api,
                refusal -> refused(refusal, body),
                view -> Response.accepted(view)
                        .header("Location", "/rehearsals/" + view.id())
                        .build());
    }

    private static Response refused(Rehearsals.Refusal refusal, RehearsalBody body) {
        return switch (refusal) {
            case BUSY ->
                problem(URI.create("about:blank"), "Conflict", 409, "Another rehearsal is running: wait for its end.");
            case NOT_EMBEDDED ->
                problem(
                        URI.create("about:blank"),
                        "Conflict",
                        409,
                        "Rehearsals need the embedded DynamoDB: leave quarkus.dynamodb.endpoint-override unset.");
            case UNKNOWN_SKU ->
                problem(
                        ProblemType.UNKNOWN_SKU.uri(),
                        ProblemType.UNKNOWN_SKU.title(),
                        404,
                        "There is no product " + body.sku() + ".");
        };
    }

    private static Response problem(URI type, String title, int status, String detail) {
        return Response.status(status)
                .type(Problem.MEDIA_TYPE)
                .entity(new Problem(type, title, status, detail, List.of(), Map.of()))
                .build();
    }

    /** The last ones, the latest first. */
    @GET
    public List<RehearsalView> list() {
        return rehearsals.list();
    }

    /** The same, side by side for people. */
    @GET
    @Produces(MediaType.TEXT_PLAIN)
    public String table() {
        return RehearsalTable.of(rehearsals.list());
    }

    /** How far one is, and its figures. */
    @GET
    @Path("/{id}")
    public RehearsalView get(@PathParam("id") String id) {
        return rehearsals.find(id).orElseThrow(NotFoundException::new);
    }

    /** Its figures twice a second, until it ends. */
    @GET
    @Path("/{id}/events")
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @RestStreamElementType(MediaType.APPLICATION_JSON)
    public Multi<RehearsalView> follow(@PathParam("id") String id) {
        return rehearsals.follow(id).orElseThrow(NotFoundException::new);
    }
}
