package dev.flashstock.api;

import dev.flashstock.inventory.LiveStock;
import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.StockLevel;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.NameBinding;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseHeader;
import org.jboss.resteasy.reactive.RestStreamElementType;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/** Stock as it changes. */
@Path("/products/{sku}/stock/events")
@Tag(name = "Stock", description = "How much there is")
public class StockEventsResource {
    private final LiveStock stock;
    private final EventStreams streams;

    StockEventsResource(LiveStock stock, EventStreams streams) {
        this.stock = stock;
        this.streams = streams;
    }

    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @RestStreamElementType(MediaType.APPLICATION_JSON)
    @ResponseHeader(name = "Cache-Control", value = "no-store")
    @Operation(
            operationId = "followStock",
            summary = "How many units are left, now and whenever it changes",
            description =
                    "Server-sent events named stock. Half a second late at most; who is slow gets the latest and not"
                            + " what was in between. Who comes again says by Last-Event-ID what it knows. Comments keep the"
                            + " connection alive.")
    @APIResponse(
            responseCode = "200",
            content =
                    @Content(
                            mediaType = MediaType.SERVER_SENT_EVENTS,
                            schema = @Schema(implementation = StockView.class)))
    @OfAProduct
    public Multi<OutboundSseEvent> follow(
            @PathParam("sku") Sku sku,
            @HeaderParam("Last-Event-ID") @Nullable String known,
            @Context Request request,
            @Context Sse sse) {
        Multi<StockLevel> levels = stock.watch(sku)
                .onItem()
                .transformToMulti(outcome -> outcome.fold(
                        it -> it, deletedJustNow -> Multi.createFrom().empty()));
        return streams.of(request, events(levels, known, sse), sse);
    }

    /** On a stream, whose first bytes are sent before anything is known of it. */
    @NameBinding
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.METHOD)
    @interface OfAProduct {}

    /** Refuses what is no product. What is no SKU is refused as everywhere. */
    @ServerRequestFilter
    @OfAProduct
    Uni<@Nullable Response> refuse(UriInfo uri) {
        Sku sku;
        try {
            sku = new Sku(uri.getPathParameters().getFirst("sku"));
        } catch (IllegalArgumentException e) {
            return Uni.createFrom().nullItem();
        }
        return stock.watch(sku)
                .<@Nullable Response>map(outcome -> outcome instanceof Outcome.Refused<Multi<StockLevel>> refused
                        ? Refusals.response(refused.refusal())
                        : null);
    }

    private static Multi<OutboundSseEvent> events(Multi<StockLevel> levels, @Nullable String known, Sse sse) {
        AtomicReference<@Nullable String> last = new AtomicReference<>(known);
        return levels.select()
                .where(level -> !id(level).equals(last.getAndSet(id(level))))
                .map(level -> sse.newEventBuilder()
                        .id(id(level))
                        .name("stock")
                        .reconnectDelay(EventStreams.RECONNECT)
                        .mediaType(MediaType.APPLICATION_JSON_TYPE)
                        .data(StockView.of(level))
                        .build());
    }

    private static String id(StockLevel level) {
        return String.valueOf(level.available());
    }
}
