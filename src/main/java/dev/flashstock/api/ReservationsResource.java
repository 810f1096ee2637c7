package dev.flashstock.api;

import dev.flashstock.inventory.Reservations;
import io.quarkus.security.ForbiddenException;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** A user's reservations, once they are asked for. */
@Path("/reservations")
@Produces({MediaType.APPLICATION_JSON, Problem.MEDIA_TYPE})
@RolesAllowed({Roles.SHOPPER, Roles.SERVICE})
@Tag(name = "Reservations", description = "Units for a user")
public class ReservationsResource {
    private final Reservations reservations;
    private final SealedReservations sealed;
    private final ReservationsConfig config;
    private final Caller caller;

    ReservationsResource(
            Reservations reservations, SealedReservations sealed, ReservationsConfig config, Caller caller) {
        this.reservations = reservations;
        this.sealed = sealed;
        this.config = config;
        this.caller = caller;
    }

    @GET
    @Path("/{id}")
    @Operation(operationId = "getReservation", summary = "Look one of the caller's reservations up")
    @APIResponseSchema(value = ReservationView.class, responseCode = "200")
    public Uni<Response> get(@PathParam("id") String id) {
        return sealed.find(caller.user(), id);
    }

    @GET
    @Operation(
            operationId = "listReservations",
            summary = "List the caller's reservations",
            description = "In the order of their ids. Queued ones are not among them.")
    public Uni<Page<ReservationView>> list(@BeanParam PageQuery page) {
        return sealed.list(caller.user(), page);
    }

    @POST
    @Path("/{id}/confirmation")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "confirmReservation",
            summary = "Mark a hold as sold",
            description = "A second time changes nothing; with another paymentReference it is refused.")
    @RequestBody(required = false, content = @Content(schema = @Schema(implementation = ConfirmationBody.class)))
    @APIResponseSchema(value = ReservationView.class, responseCode = "200")
    @APIResponse(responseCode = "409", description = "Not held, or paid otherwise")
    public Uni<Response> confirm(@PathParam("id") String id, @Valid @Nullable ConfirmationBody body) {
        if (!caller.isService() && !config.shopperConfirms()) {
            throw new ForbiddenException("Only a service confirms");
        }
        String paymentReference = body == null ? null : body.paymentReference();
        return sealed.answer(caller.user(), id, (user, it) -> reservations.confirm(user, it, paymentReference));
    }

    @POST
    @Path("/{id}/extension")
    @Operation(operationId = "extendReservation", summary = "Make a hold longer by its product's hold time, once")
    @APIResponseSchema(value = ReservationView.class, responseCode = "200")
    @APIResponse(responseCode = "409", description = "Not held, or extended before")
    public Uni<Response> extend(@PathParam("id") String id) {
        return sealed.answer(caller.user(), id, reservations::extend);
    }

    @DELETE
    @Path("/{id}")
    @Operation(
            operationId = "releaseReservation",
            summary = "Give a hold's units back, or call a queued request off",
            description = "Answers with the final state; a second time changes nothing.")
    @APIResponseSchema(value = ReservationView.class, responseCode = "200")
    @APIResponse(responseCode = "409", description = "Sold")
    public Uni<Response> release(@PathParam("id") String id) {
        return sealed.answer(caller.user(), id, reservations::release);
    }
}
