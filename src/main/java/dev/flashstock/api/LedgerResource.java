package dev.flashstock.api;

import dev.flashstock.inventory.Ledger;
import dev.flashstock.inventory.LedgerTable.Position;
import dev.flashstock.inventory.ReservationIds;
import dev.flashstock.stock.Movement;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The ledger: every change of a SKU's stock. */
@Path("/products/{sku}/ledger")
@RolesAllowed({Roles.OPERATOR, Roles.ADMIN})
@Tag(name = "Books", description = "What became of every unit")
public class LedgerResource {
    private static final int MAX_CURSOR = 200;
    private static final String KINDS =
            Arrays.stream(Movement.Kind.values()).map(Enum::name).collect(Collectors.joining(", "));

    private final Ledger ledger;
    private final ReservationIds ids;

    LedgerResource(Ledger ledger, ReservationIds ids) {
        this.ledger = ledger;
        this.ids = ids;
    }

    /**
     * What is asked for.
     *
     * @param from movements at this moment or later; null: from the beginning
     * @param until movements before this moment; null: to the end
     * @param kinds lines of these kinds only; none: all
     */
    public record Query(
            @QueryParam("from")
            @Parameter(
                    description = "movements at this moment or later",
                    schema = @Schema(type = SchemaType.STRING, format = "date-time", examples = "2026-11-27T09:00:00Z"))
            @Nullable
            String from,

            @QueryParam("until")
            @Parameter(
                    description = "movements before this moment",
                    schema = @Schema(type = SchemaType.STRING, format = "date-time", examples = "2026-11-27T10:00:00Z"))
            @Nullable
            String until,

            @QueryParam("kind")
            @Parameter(
                    description = "lines of these kinds only; may be repeated",
                    schema = @Schema(type = SchemaType.ARRAY, implementation = Movement.Kind.class))
            List<String> kinds) {

        Ledger.Extract extract() {
            Instant begin = moment("from", from, Ledger.BEGINNING);
            Instant end = moment("until", until, Ledger.END);
            if (end.isBefore(begin)) {
                throw new BadInput("until", "Order", "must not be before from");
            }
            return new Ledger.Extract(begin, end, wanted());
        }

        private static Instant moment(String name, @Nullable String text, Instant otherwise) {
            if (text == null) {
                return otherwise;
            }
            try {
                Instant moment = Instant.parse(text);
                if (!moment.isBefore(Ledger.BEGINNING) && !moment.isAfter(Ledger.END)) {
                    return moment;
                }
            } catch (DateTimeException e) {
                throw new BadInput(name, "Time", "must be a time like 2026-11-27T09:00:00Z");
            }
            throw new BadInput(name, "Range", "must be from " + Ledger.BEGINNING + " to " + Ledger.END);
        }

        private Set<Movement.Kind> wanted() {
            Set<Movement.Kind> wanted = EnumSet.noneOf(Movement.Kind.class);
            kinds.forEach(it -> wanted.add(kind(it)));
            return wanted;
        }

        private static Movement.Kind kind(String text) {
            return Arrays.stream(Movement.Kind.values())
                    .filter(it -> it.name().equals(text))
                    .findFirst()
                    .orElseThrow(() -> new BadInput("kind", "Enum", "must be one of " + KINDS));
        }

        static Position position(String text) {
            int end = text.indexOf('#');
            if (text.length() > MAX_CURSOR) {
                throw new IllegalArgumentException("No movement has so long an id");
            }
            try {
                return new Position(Instant.parse(text.substring(0, Math.max(0, end))), text.substring(end + 1));
            } catch (DateTimeException e) {
                throw new IllegalArgumentException(e);
            }
        }
    }

    @GET
    @Produces({MediaType.APPLICATION_JSON, Problem.MEDIA_TYPE})
    @Operation(
            operationId = "getLedger",
            summary = "Every change of a product's stock, in the order of time",
            description =
                    "Also of a product that was deleted. As CSV with Accept: text/csv: a row for each line. A page"
                            + " may be shorter than its limit although more follows; next, and the header Link, tell.")
    @APIResponse(
            responseCode = "200",
            headers =
                    @Header(
                            name = HttpHeaders.LINK,
                            description = "the next page, as rel=\"next\"",
                            schema = @Schema(type = SchemaType.STRING)),
            content = {
                @Content(mediaType = MediaType.APPLICATION_JSON, schema = @Schema(implementation = LedgerPage.class)),
                @Content(mediaType = MovementsCsv.MEDIA_TYPE, schema = @Schema(type = SchemaType.STRING))
            })
    public Uni<Response> json(
            @PathParam("sku") Sku sku, @BeanParam Query query, @BeanParam PageQuery page, @Context UriInfo uri) {
        return page(sku, query, page, uri, found -> found);
    }

    @GET
    @Produces(MovementsCsv.MEDIA_TYPE + ";qs=0.5") // who does not say gets JSON
    @Operation(hidden = true)
    public Uni<Response> csv(
            @PathParam("sku") Sku sku, @BeanParam Query query, @BeanParam PageQuery page, @Context UriInfo uri) {
        return page(sku, query, page, uri, found -> MovementsCsv.of(found.items()));
    }

    /** Names the page's type in OpenAPI. */
    @Schema(name = "LedgerPage")
    private record LedgerPage(
            List<MovementView> items, @Nullable String next) {}

    private Uni<Response> page(
            Sku sku, Query query, PageQuery page, UriInfo uri, Function<Page<MovementView>, Object> form) {
        return ledger.page(
                        sku,
                        query.extract(),
                        page.after(Query::position),
                        page.limit().items())
                .map(outcome -> outcome.fold(found -> response(view(found), uri, form), Refusals::response));
    }

    private Page<MovementView> view(Ledger.Page found) {
        Position next = found.next();
        return Page.until(
                found.movements().stream().map(it -> MovementView.of(it, ids)).toList(),
                next == null ? null : next.at() + "#" + next.id());
    }

    private static Response response(Page<MovementView> page, UriInfo uri, Function<Page<MovementView>, Object> form) {
        Response.ResponseBuilder response = Response.ok(form.apply(page));
        if (page.next() != null) {
            response.link(
                    uri.getRequestUriBuilder()
                            .replaceQueryParam("cursor", page.next())
                            .build(),
                    "next");
        }
        return response.build();
    }
}
