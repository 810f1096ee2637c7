package dev.flashstock.api;

import dev.flashstock.inventory.LiveReservations;
import dev.flashstock.inventory.ReservationIds;
import dev.flashstock.stock.Refusal;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ReservationId;
import dev.flashstock.stock.UserId;
import io.smallrye.mutiny.Multi;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseHeader;
import org.jboss.resteasy.reactive.RestStreamElementType;

/** What becomes of a request that was answered 202. */
@Path("/reservations/{id}/events")
@RolesAllowed({Roles.SHOPPER, Roles.SERVICE})
@Tag(name = "Reservations", description = "Units for a user")
public class ReservationEventsResource {
    private final LiveReservations reservations;
    private final ReservationIds ids;
    private final EventStreams streams;
    private final Caller caller;

    ReservationEventsResource(LiveReservations reservations, ReservationIds ids, EventStreams streams, Caller caller) {
        this.reservations = reservations;
        this.ids = ids;
        this.streams = streams;
        this.caller = caller;
    }

    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @RestStreamElementType(MediaType.APPLICATION_JSON)
    @ResponseHeader(name = "Cache-Control", value = "no-store")
    @Operation(
            operationId = "followReservation",
            summary = "One of the caller's reservations, now and when it is decided",
            description =
                    "Server-sent events named reservation. The stream ends when the status is not QUEUED any more,"
                            + " or after two minutes.")
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            mediaType = MediaType.SERVER_SENT_EVENTS,
                            schema = @Schema(implementation = ReservationView.class)))
    public Multi<OutboundSseEvent> follow(@PathParam("id") String id, @Context Request request, @Context Sse sse) {
        UserId user = caller.user();
        ReservationId known = ids.open(user, id)
                .orElseThrow(() -> new WebApplicationException(Refusals.response(new Refusal.UnknownReservation())));
        return streams.of(request, reservations.follow(user, known).map(found -> event(found, sse)), sse);
    }

    private OutboundSseEvent event(Reservation reservation, Sse sse) {
        return sse.newEventBuilder()
                .id(reservation.status().name())
                .name("reservation")
                .reconnectDelay(EventStreams.RECONNECT)
                .mediaType(MediaType.APPLICATION_JSON_TYPE)
                .data(ReservationView.of(reservation, ids))
                .build();
    }
}
