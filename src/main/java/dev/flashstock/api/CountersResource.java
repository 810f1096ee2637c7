package dev.flashstock.api;

import dev.flashstock.inventory.Likes;
import dev.flashstock.inventory.Views;
import dev.flashstock.stock.Counted;
import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.InstantSource;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** How often products are viewed, and by how many users they are liked. */
@Path("/products/{sku}")
@Produces({MediaType.APPLICATION_JSON, Problem.MEDIA_TYPE})
@Tag(name = "Counters", description = "Views and likes")
public class CountersResource {
    private final Allowance allowance;
    private final Views views;
    private final Likes likes;
    private final Caller caller;
    private final InstantSource clock;
    private final String cacheControl;

    CountersResource(
            Allowance allowance, Views views, Likes likes, Caller caller, InstantSource clock, CountersConfig config) {
        this.allowance = allowance;
        this.views = views;
        this.likes = likes;
        this.caller = caller;
        this.clock = clock;
        this.cacheControl = "public, max-age=" + config.ttl().toSeconds();
    }

    @POST
    @Path("/views")
    @Operation(
            operationId = "viewProduct",
            summary = "Count a view",
            description = "It is in the total about a second later. Views are not exact: a process that is killed loses"
                    + " those that it has not written yet.")
    @APIResponse(responseCode = "204", description = "Counted")
    public Uni<Response> view(@PathParam("sku") Sku sku) {
        return allowance.ofAnybody(caller, () -> views.viewed(sku)).map(CountersResource::done);
    }

    @GET
    @Path("/views")
    @Operation(operationId = "getViews", summary = "How often a product was viewed, about")
    @APIResponseSchema(value = ViewCount.class, responseCode = "200")
    public Uni<Response> views(@PathParam("sku") Sku sku) {
        return views.count(sku).map(outcome -> told(outcome, ViewCount::of));
    }

    @PUT
    @Path("/likes")
    @RolesAllowed({Roles.SHOPPER, Roles.SERVICE})
    @Operation(
            operationId = "likeProduct",
            summary = "Like a product",
            description = "Each user counts once; a second time changes nothing.")
    @APIResponse(responseCode = "204", description = "Liked")
    public Uni<Response> like(@PathParam("sku") Sku sku) {
        return allowance.ofUser(caller, user -> likes.like(user, sku)).map(CountersResource::done);
    }

    @DELETE
    @Path("/likes")
    @RolesAllowed({Roles.SHOPPER, Roles.SERVICE})
    @Operation(
            operationId = "unlikeProduct",
            summary = "Take a like back",
            description = "A second time changes nothing.")
    @APIResponse(responseCode = "204", description = "Not liked any more")
    public Uni<Response> unlike(@PathParam("sku") Sku sku) {
        return allowance.ofUser(caller, user -> likes.unlike(user, sku)).map(CountersResource::done);
    }

    @GET
    @Path("/likes")
    @Operation(operationId = "getLikes", summary = "How many users like a product")
    @APIResponseSchema(value = LikeCount.class, responseCode = "200")
    public Uni<Response> likes(@PathParam("sku") Sku sku) {
        return likes.count(sku).map(outcome -> told(outcome, LikeCount::of));
    }

    @GET
    @Path("/likes/mine")
    @RolesAllowed({Roles.SHOPPER, Roles.SERVICE})
    @Operation(operationId = "getMyLike", summary = "Whether the caller likes a product, now")
    @APIResponseSchema(value = LikedView.class, responseCode = "200")
    public Uni<Response> mine(@PathParam("sku") Sku sku) {
        return likes.likes(caller.user(), sku)
                .map(outcome -> outcome.fold(
                        liked -> Response.ok(new LikedView(sku.value(), liked))
                                .header("Cache-Control", "no-store")
                                .build(),
                        Refusals::response));
    }

    private static Response done(Outcome<Sku> outcome) {
        return outcome.fold(sku -> Response.noContent().build(), Refusals::response);
    }

    private Response told(Outcome<Counted> outcome, Function<Counted, Object> view) {
        return outcome.fold(
                counted -> Aged.since(counted.asOf(), clock.instant(), cacheControl, Response.ok(view.apply(counted)))
                        .build(),
                Refusals::response);
    }
}
