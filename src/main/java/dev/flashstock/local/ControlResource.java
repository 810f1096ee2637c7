package dev.flashstock.local;

import io.quarkus.arc.profile.IfBuildProfile;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.Encoded;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** The wires to the embedded backends, controlled through the application's own port. Dev mode and tests only. */
@Path("/local/{path:.+}")
@Produces(MediaType.APPLICATION_JSON)
@IfBuildProfile(anyOf = {"dev", "test"})
public class ControlResource {
    private final Control control = new Control();

    /** What is set, and what happened. */
    @GET
    public Uni<Response> get(@Encoded @PathParam("path") String path) {
        return control.send("GET", path, "");
    }

    /** Sets faults, limits, or a cut. */
    @PUT
    public Uni<Response> put(@Encoded @PathParam("path") String path, String body) {
        return control.send("PUT", path, body);
    }

    /** Takes them back. */
    @DELETE
    public Uni<Response> delete(@Encoded @PathParam("path") String path) {
        return control.send("DELETE", path, "");
    }
}
