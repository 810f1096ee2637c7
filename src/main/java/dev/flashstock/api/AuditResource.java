package dev.flashstock.api;

import dev.flashstock.inventory.Audits;
import dev.flashstock.inventory.Repairs;
import dev.flashstock.inventory.ReservationIds;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Audits: the books, counted item by item. */
@Path("/products/{sku}/audit")
@Produces({MediaType.APPLICATION_JSON, Problem.MEDIA_TYPE})
@Tag(name = "Books")
public class AuditResource {
    private final Audits audits;
    private final Repairs repairs;
    private final ReservationIds ids;
    private final Caller caller;

    AuditResource(Audits audits, Repairs repairs, ReservationIds ids, Caller caller) {
        this.audits = audits;
        this.repairs = repairs;
        this.ids = ids;
        this.caller = caller;
    }

    @GET
    @RolesAllowed({Roles.OPERATOR, Roles.ADMIN})
    @Operation(
            operationId = "getAudit",
            summary = "The last audit",
            description = "Counted now when the last one is older than a minute and the product has few movements.")
    @APIResponseSchema(value = AuditView.class, responseCode = "200")
    @APIResponse(
            responseCode = "202",
            description = "The first audit is under way",
            content = @Content(schema = @Schema(implementation = AuditView.class)))
    public Uni<Response> last(@PathParam("sku") Sku sku) {
        return audits.last(sku)
                .map(outcome -> outcome.fold(
                        seen -> Response.status(seen.audit() == null ? Response.Status.ACCEPTED : Response.Status.OK)
                                .entity(AuditView.of(sku, seen, ids))
                                .build(),
                        Refusals::response));
    }

    @POST
    @RolesAllowed({Roles.OPERATOR, Roles.ADMIN})
    @Operation(
            operationId = "startAudit",
            summary = "Count the books",
            description = "Begins a job of at most 15 minutes, or joins the one that is under way. With search=true the"
                    + " whole table is searched for reservations that the ledger does not know; else only when"
                    + " something is wrong.")
    @APIResponse(
            responseCode = "202",
            description = "It is under way",
            headers =
                    @Header(
                            name = HttpHeaders.LOCATION,
                            description = "where its result will be",
                            schema = @Schema(type = SchemaType.STRING)),
            content = @Content(schema = @Schema(implementation = AuditView.class)))
    public Uni<Response> start(
            @PathParam("sku") Sku sku,
            @QueryParam("search")
                    @DefaultValue("false")
                    @Parameter(schema = @Schema(type = SchemaType.BOOLEAN, defaultValue = "false"))
                    String search) {
        return audits.start(sku, caller.self(), BadInput.truth("search", search))
                .map(outcome -> outcome.fold(
                        run -> Response.accepted(AuditView.of(sku, new Audits.Seen(run, null, false), ids))
                                .header(HttpHeaders.LOCATION, "/products/" + sku + "/audit")
                                .build(),
                        Refusals::response));
    }

    @POST
    @Path("/repair")
    @RolesAllowed(Roles.ADMIN)
    @Operation(
            operationId = "repairStock",
            summary = "Make the shards agree with the books",
            description = "Changes the stock by the difference of the last audit, which is younger than ten minutes and"
                    + " had nothing in flight. Once for each audit, however often it is asked.")
    @APIResponseSchema(value = AdjustmentView.class, responseCode = "201")
    @APIResponse(responseCode = "409", description = "An audit is needed, or there is nothing to repair")
    public Uni<Response> repair(@PathParam("sku") Sku sku) {
        return repairs.repair(sku, caller.self())
                .map(outcome -> outcome.fold(
                        adjustment -> Response.status(Response.Status.CREATED)
                                .entity(AdjustmentView.of(adjustment, ids))
                                .build(),
                        Refusals::response));
    }
}
