package dev.flashstock.api;

import dev.flashstock.inventory.ReservationIds;
import dev.flashstock.inventory.Stock;
import dev.flashstock.stock.Adjustment;
import dev.flashstock.stock.IdempotencyKey;
import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.StockLevel;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.InstantSource;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Stock: how much there is, and changing it by hand. */
@Path("/products/{sku}")
@Produces({MediaType.APPLICATION_JSON, Problem.MEDIA_TYPE})
@Tag(name = "Stock", description = "How much there is")
public class StockResource {
    private final Stock stock;
    private final ReservationIds ids;
    private final Caller caller;
    private final InstantSource clock;
    private final StockReads reads;

    StockResource(Stock stock, ReservationIds ids, Caller caller, InstantSource clock, StockReads reads) {
        this.stock = stock;
        this.ids = ids;
        this.caller = caller;
        this.clock = clock;
        this.reads = reads;
    }

    @POST
    @Path("/adjustments")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(Roles.ADMIN)
    @Operation(
            operationId = "adjustStock",
            summary = "Change stock by hand",
            description = "Units that come in are spread over the shards; units that go out are collected from them,"
                    + " never below zero. Sold units come back with the reason RETURN and the reservation in which they"
                    + " were sold, never more of them. A retry with the same Idempotency-Key changes nothing.")
    @APIResponseSchema(value = AdjustmentView.class, responseCode = "201")
    @APIResponse(
            responseCode = "409",
            description = "Too few units to take out; or of a return, not sold, or more than were sold")
    public Uni<Response> adjust(
            @PathParam("sku") Sku sku,
            @HeaderParam("Idempotency-Key")
                    @Parameter(required = true, schema = @Schema(implementation = IdempotencyKey.class))
                    @Nullable
                    IdempotencyKey key,
            @NotNull @Valid AdjustmentBody body) {
        IdempotencyKey name = BadInput.required("Idempotency-Key", key);
        return body.adjustment(sku, name, clock.instant(), caller.self(), ids)
                .<Uni<Outcome<Adjustment>>>fold(
                        stock::adjust, refusal -> Uni.createFrom().item(Outcome.refused(refusal)))
                .map(outcome -> outcome.fold(this::recorded, Refusals::response));
    }

    private Response recorded(Adjustment adjustment) {
        return Response.status(Response.Status.CREATED)
                .entity(AdjustmentView.of(adjustment, ids))
                .build();
    }

    @GET
    @Path("/stock")
    @Operation(
            operationId = "getStock",
            summary = "How many units are left",
            description =
                    "From the fastest layer that knows; asOf tells when the units were counted, and since then what"
                            + " was taken or came back is subtracted or added as far as it is known."
                            + " Caches may keep it for as long as Cache-Control says, which takes its Age into account."
                            + " consistency=strong counts now, and is not to be kept.")
    @APIResponse(
            responseCode = "200",
            description = "So many",
            headers = {
                @Header(
                        name = HttpHeaders.ETAG,
                        description = "weak; of the number",
                        schema = @Schema(type = SchemaType.STRING)),
                @Header(name = HttpHeaders.CACHE_CONTROL, schema = @Schema(type = SchemaType.STRING)),
                @Header(
                        name = "Age",
                        description = "seconds since they were counted",
                        schema = @Schema(type = SchemaType.INTEGER))
            },
            content = @Content(schema = @Schema(implementation = StockView.class)))
    @APIResponse(responseCode = "304", description = "As many as If-None-Match says")
    public Uni<Response> level(
            @PathParam("sku") Sku sku,
            @QueryParam("consistency") @Parameter(schema = @Schema(enumeration = Consistency.ASKED_FOR)) @Nullable
                    Consistency consistency,
            @HeaderParam("If-None-Match") @Nullable String ifNoneMatch) {
        return consistency == null
                ? stock.level(sku).map(outcome -> outcome.fold(it -> told(it, ifNoneMatch), Refusals::response))
                : stock.exactLevel(sku).map(outcome -> outcome.fold(this::toldOnce, Refusals::response));
    }

    private Response told(StockLevel level, @Nullable String ifNoneMatch) {
        String tag = String.valueOf(level.available());
        Response.ResponseBuilder answer =
                ETags.matches(ifNoneMatch, tag) ? Response.notModified() : Response.ok(reads.told(level));
        return reads.cacheable(answer, level.asOf())
                .header(HttpHeaders.ETAG, "W/" + ETags.of(tag))
                .build();
    }

    private Response toldOnce(StockLevel level) {
        return Response.ok(reads.told(level))
                .header("Cache-Control", "no-store")
                .build();
    }

    @GET
    @Path("/stock/shards")
    @Operation(operationId = "getShards", summary = "How many units each shard has, now")
    @APIResponseSchema(value = ShardsView.class, responseCode = "200")
    public Uni<Response> shards(@PathParam("sku") Sku sku) {
        return stock.shards(sku)
                .map(outcome -> outcome.fold(
                        levels -> Response.ok(ShardsView.of(sku, levels)).build(), Refusals::response));
    }
}
