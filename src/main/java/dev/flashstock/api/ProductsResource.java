package dev.flashstock.api;

import dev.flashstock.inventory.Catalogue;
import dev.flashstock.inventory.Listing;
import dev.flashstock.stock.Product;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The catalogue. */
@Path("/products")
@Produces({MediaType.APPLICATION_JSON, Problem.MEDIA_TYPE})
@Tag(name = "Catalogue", description = "What is sold")
public class ProductsResource {
    private final Catalogue catalogue;

    ProductsResource(Catalogue catalogue) {
        this.catalogue = catalogue;
    }

    @PUT
    @Path("/{sku}")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(Roles.ADMIN)
    @Operation(
            operationId = "putProduct",
            summary = "Create or replace a product",
            description = "Saying the same twice changes nothing. If-None-Match: * creates only; If-Match replaces only"
                    + " the revision that the caller has seen.")
    @APIResponse(
            responseCode = "200",
            description = "Replaced",
            headers =
                    @Header(
                            name = HttpHeaders.ETAG,
                            description = "of what is shown",
                            schema = @Schema(type = SchemaType.STRING)),
            content = @Content(schema = @Schema(implementation = ProductView.class)))
    @APIResponse(
            responseCode = "201",
            description = "Created",
            headers =
                    @Header(
                            name = HttpHeaders.ETAG,
                            description = "of what is shown",
                            schema = @Schema(type = SchemaType.STRING)),
            content = @Content(schema = @Schema(implementation = ProductView.class)))
    public Uni<Response> put(
            @PathParam("sku") Sku sku,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @HeaderParam(HttpHeaders.IF_NONE_MATCH) @Nullable String ifNoneMatch,
            @NotNull @Valid ProductBody body) {
        Product product = body.product(sku, UUID.randomUUID().toString());
        return catalogue
                .put(product, body.shardsOrDefault(), ETags.precondition(ifMatch, ifNoneMatch))
                .map(outcome -> outcome.fold(ProductsResource::saved, Refusals::response));
    }

    private static Response saved(Catalogue.Saved saved) {
        return product(saved.listing(), saved.created() ? Response.Status.CREATED : Response.Status.OK);
    }

    private static Response product(Listing listing, Response.Status status) {
        return Response.status(status)
                .header(HttpHeaders.ETAG, ETags.of(ETags.tag(listing)))
                .entity(ProductView.of(listing))
                .build();
    }

    @GET
    @Path("/{sku}")
    @Operation(
            operationId = "getProduct",
            summary = "Look a product up",
            description =
                    "As it was a second ago; where DAX is in use, perhaps minutes. consistency=strong reads it now:"
                            + " for who is to change it.")
    @APIResponse(
            responseCode = "200",
            description = "As it is",
            headers =
                    @Header(
                            name = HttpHeaders.ETAG,
                            description = "of what is shown",
                            schema = @Schema(type = SchemaType.STRING)),
            content = @Content(schema = @Schema(implementation = ProductView.class)))
    @APIResponse(responseCode = "304", description = "It is as If-None-Match says")
    public Uni<Response> get(
            @PathParam("sku") Sku sku,
            @QueryParam("consistency") @Parameter(schema = @Schema(enumeration = Consistency.ASKED_FOR)) @Nullable
                    Consistency consistency,
            @HeaderParam(HttpHeaders.IF_NONE_MATCH) @Nullable String ifNoneMatch) {
        return (consistency == null ? catalogue.show(sku) : catalogue.find(sku))
                .map(outcome -> outcome.fold(
                        listing -> ETags.matches(ifNoneMatch, ETags.tag(listing))
                                ? notModified(listing)
                                : product(listing, Response.Status.OK),
                        Refusals::response));
    }

    private static Response notModified(Listing listing) {
        return Response.notModified()
                .header(HttpHeaders.ETAG, ETags.of(ETags.tag(listing)))
                .build();
    }

    @GET
    @Operation(operationId = "listProducts", summary = "List products by status, in the order of their SKUs")
    public Uni<Page<ProductView>> list(
            @QueryParam("status") @DefaultValue("ON_SALE") Product.Status status, @BeanParam PageQuery page) {
        return catalogue
                .list(status, page.after(Sku::new), page.limit().andOneMore())
                .map(found -> Page.of(
                        found,
                        page.limit(),
                        ProductView::of,
                        product -> product.sku().value()));
    }

    @DELETE
    @Path("/{sku}")
    @RolesAllowed(Roles.ADMIN)
    @Operation(
            operationId = "deleteProduct",
            summary = "Delete a product",
            description = "Its status is ENDED, and none of its units are held. Its stock and its books stay, and are"
                    + " there again when it is put again.")
    @APIResponse(responseCode = "204", description = "Deleted")
    @APIResponse(responseCode = "409", description = "Its sale has not ended, or units are held")
    public Uni<Response> delete(
            @PathParam("sku") Sku sku, @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        return catalogue
                .delete(sku, ETags.precondition(ifMatch, null))
                .map(outcome -> outcome.fold(deleted -> Response.noContent().build(), Refusals::response));
    }
}
