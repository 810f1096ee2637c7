package dev.flashstock.api;

import dev.flashstock.inventory.LayoutKeeper;
import dev.flashstock.sharding.Layout;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** How many shards a SKU has. */
@Path("/products/{sku}/layout")
@Produces({MediaType.APPLICATION_JSON, Problem.MEDIA_TYPE})
@Tag(name = "Layout")
public class LayoutResource {
    private final LayoutKeeper keeper;

    LayoutResource(LayoutKeeper keeper) {
        this.keeper = keeper;
    }

    @GET
    @RolesAllowed({Roles.OPERATOR, Roles.ADMIN})
    @Operation(operationId = "getLayout", summary = "How many shards a SKU has, and whether that is changing")
    @APIResponseSchema(value = LayoutView.class, responseCode = "200")
    public Uni<Response> get(@PathParam("sku") Sku sku) {
        return keeper.find(sku)
                .map(outcome -> outcome.fold(
                        layout -> Response.ok(LayoutView.of(sku, layout)).build(), Refusals::response));
    }

    @PUT
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(Roles.ADMIN)
    @Operation(
            operationId = "putLayout",
            summary = "Choose how many shards a SKU has",
            description = "It goes on selling meanwhile, and its total stays right. To have more shards takes some"
                    + " seconds; to have fewer, until their units are moved away. With hot shards it grows by itself,"
                    + " and later shrinks to what was chosen.")
    @APIResponseSchema(value = LayoutView.class, responseCode = "200", responseDescription = "It has so many")
    @APIResponse(
            responseCode = "202",
            description = "It is changing",
            headers =
                    @Header(
                            name = HttpHeaders.LOCATION,
                            description = "where it can be watched",
                            schema = @Schema(type = SchemaType.STRING)),
            content = @Content(schema = @Schema(implementation = LayoutView.class)))
    public Uni<Response> put(@PathParam("sku") Sku sku, @NotNull @Valid LayoutBody body) {
        return keeper.choose(sku, body.shards())
                .map(outcome -> outcome.fold(layout -> chosen(sku, layout), Refusals::response));
    }

    private static Response chosen(Sku sku, Layout layout) {
        Response.ResponseBuilder response = layout.isSteady()
                ? Response.ok()
                : Response.accepted().header(HttpHeaders.LOCATION, "/products/" + sku + "/layout");
        return response.entity(LayoutView.of(sku, layout)).build();
    }
}
