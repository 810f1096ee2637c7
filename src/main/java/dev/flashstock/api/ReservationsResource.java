package dev.flashstock.api;

import dev.flashstock.inventory.ReservationIds;
import dev.flashstock.inventory.Reservations;
import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Refusal;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ReservationId;
import dev.flashstock.stock.UserId;
import io.quarkus.security.ForbiddenException;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.function.BiFunction;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** A user's reservations, once they are asked for. */
@Path("/reservations")
@Produces({MediaType.APPLICATION_JSON, Problem.MEDIA_TYPE})
@RolesAllowed({Roles.SHOPPER, Roles.SERVICE})
@Tag(name = "Reservations", description = "Units for a user")
@APIResponse(
        responseCode = "default",
        description = "A problem",
        content = @Content(mediaType = Problem.MEDIA_TYPE, schema = @Schema(implementation = Problem.class)))
public class ReservationsResource {
    private final Reservations reservations;
    private final ReservationIds ids;
    private final ReservationsConfig config;
    private final Caller caller;

    ReservationsResource(Reservations reservations, ReservationIds ids, ReservationsConfig config, Caller caller) {
        this.reservations = reservations;
        this.ids = ids;
        this.config = config;
        this.caller = caller;
    }

    @GET
    @Path("/{id}")
    @Operation(operationId = "getReservation", summary = "Look one of the caller's reservations up")
    @APIResponseSchema(value = ReservationView.class, responseCode = "200")
    public Uni<Response> get(@PathParam("id") String id) {
        return genuine(id, (user, it) -> reservations.find(user, it).map(Outcome::done));
    }

    @GET
    @Operation(
            operationId = "listReservations",
            summary = "List the caller's reservations",
            description = "In the order of their ids. Queued ones are not among them.")
    public Uni<Page<ReservationView>> list(
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit")
                    @DefaultValue(Limit.DEFAULT)
                    @Parameter(
                            schema =
                                    @Schema(
                                            type = SchemaType.INTEGER,
                                            minimum = "1",
                                            maximum = "100",
                                            defaultValue = "20"))
                    Limit limit) {
        return reservations
                .list(caller.user(), Page.position(cursor, ReservationId::new), limit.andOneMore())
                .map(found -> Page.of(found, limit, this::view, it -> it.id().value()));
    }

    @POST
    @Path("/{id}/confirmation")
    @Operation(operationId = "confirmReservation", summary = "Mark a hold as sold")
    @APIResponseSchema(value = ReservationView.class, responseCode = "200")
    public Uni<Response> confirm(@PathParam("id") String id) {
        if (!caller.isService() && !config.shopperConfirms()) {
            throw new ForbiddenException("Only a service confirms");
        }
        return genuine(id, (user, it) -> reservations.confirm(user, it, null));
    }

    @DELETE
    @Path("/{id}")
    @Operation(
            operationId = "releaseReservation",
            summary = "Give a hold's units back, or call a queued request off",
            description = "Answers with the final state; a second time changes nothing.")
    @APIResponseSchema(value = ReservationView.class, responseCode = "200")
    public Uni<Response> release(@PathParam("id") String id) {
        return genuine(id, reservations::release);
    }

    private Uni<Response> genuine(
            String sealed, BiFunction<UserId, ReservationId, Uni<Outcome<Reservation>>> operation) {
        UserId user = caller.user();
        return ids.open(user, sealed)
                .map(id -> operation.apply(user, id))
                .orElseGet(() -> Uni.createFrom().item(Outcome.refused(new Refusal.UnknownReservation())))
                .map(outcome -> outcome.fold(
                        reservation -> Response.ok(view(reservation)).build(), Refusals::response));
    }

    private ReservationView view(Reservation reservation) {
        return ReservationView.of(reservation, ids);
    }
}
