package dev.flashstock.api;

import dev.flashstock.heat.ShardAdvice;
import dev.flashstock.inventory.Preflight;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.DateTimeException;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Before a sale: whether everything is ready for it. */
@Path("/preflight")
@Produces({MediaType.APPLICATION_JSON, Problem.MEDIA_TYPE})
@Tag(name = "Advice")
public class PreflightResource {
    private final Preflight preflight;

    PreflightResource(Preflight preflight) {
        this.preflight = preflight;
    }

    @GET
    @RolesAllowed({Roles.OPERATOR, Roles.ADMIN})
    @Operation(
            operationId = "checkSale",
            summary = "Whether everything is ready for a sale",
            description = "A list of checks, each with its remedy; status is the worst of them. What cannot be read is"
                    + " a warning.")
    @APIResponseSchema(value = PreflightView.class, responseCode = "200")
    @APIResponse(responseCode = "404", description = "There is no such product")
    public Uni<Response> check(
            @QueryParam("sku")
                    @Parameter(required = true, schema = @Schema(type = SchemaType.STRING, examples = "console"))
                    @Nullable
                    Sku sku,
            @QueryParam("peak")
                    @Parameter(
                            required = true,
                            description = "Reservations a second, at the peak",
                            schema =
                                    @Schema(
                                            type = SchemaType.INTEGER,
                                            minimum = "1",
                                            maximum = "200000",
                                            examples = "8000"))
                    @Nullable
                    String peak,
            @QueryParam("startsAt")
                    @Parameter(
                            description = "When the crowd is expected; unless told, when the product's sale starts",
                            schema =
                                    @Schema(
                                            type = SchemaType.STRING,
                                            format = "date-time",
                                            examples = "2026-11-27T09:00:00Z"))
                    @Nullable
                    String startsAt) {
        Sku wanted = BadInput.required("sku", sku);
        int most = BadInput.number("peak", BadInput.required("peak", peak), 1, ShardAdvice.MOST_WRITES_PER_SECOND);
        return preflight
                .of(wanted, most, startsAt == null ? null : time(startsAt))
                .map(outcome ->
                        outcome.fold(it -> Response.ok(PreflightView.of(it)).build(), Refusals::response));
    }

    private static Instant time(String text) {
        return BadInput.parsed("startsAt", "Type", text, it -> {
            try {
                return Instant.parse(it);
            } catch (DateTimeException e) {
                throw new IllegalArgumentException("must be a time like 2026-11-27T09:00:00Z", e);
            }
        });
    }
}
