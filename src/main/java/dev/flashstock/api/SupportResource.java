package dev.flashstock.api;

import dev.flashstock.inventory.GroupCommit;
import dev.flashstock.inventory.Reservations;
import dev.flashstock.stock.UserId;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Any user's reservations, for those who help users. */
@Path("/users/{user}/reservations")
@Produces({MediaType.APPLICATION_JSON, Problem.MEDIA_TYPE})
@RolesAllowed({Roles.OPERATOR, Roles.ADMIN})
@Tag(name = "Support", description = "Any user's reservations")
public class SupportResource {
    private final Reservations reservations;
    private final SealedReservations sealed;
    private final Caller caller;

    SupportResource(Reservations reservations, SealedReservations sealed, Caller caller) {
        this.reservations = reservations;
        this.sealed = sealed;
        this.caller = caller;
    }

    @GET
    @Operation(
            operationId = "listUsersReservations",
            summary = "List a user's reservations",
            description = "In the order of their ids. Queued ones are not among them.")
    public Uni<Page<ReservationView>> list(@PathParam("user") UserId user, @BeanParam PageQuery page) {
        return sealed.list(user, page);
    }

    @GET
    @Path("/{id}")
    @Operation(operationId = "getUsersReservation", summary = "Look one of a user's reservations up")
    @APIResponseSchema(value = ReservationView.class, responseCode = "200")
    public Uni<Response> get(@PathParam("user") UserId user, @PathParam("id") String id) {
        return sealed.find(user, id);
    }

    @POST
    @Path("/{id}/release")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(Roles.ADMIN)
    @Operation(
            operationId = "forceRelease",
            summary = "Give a user's units back, or call a queued request off",
            description = "The ledger tells by whom and why. Answers with the final state; a second time changes"
                    + " nothing.")
    @APIResponseSchema(value = ReservationView.class, responseCode = "200")
    @APIResponse(responseCode = "409", description = "Sold")
    public Uni<Response> release(
            @PathParam("user") UserId user, @PathParam("id") String id, @NotNull @Valid ForcedReleaseBody body) {
        GroupCommit.Forced forced = body.by(caller.self());
        return sealed.answer(user, id, (whose, it) -> reservations.release(whose, it, forced));
    }
}
