package dev.flashstock.api;

import dev.flashstock.inventory.ReservationDesk;
import dev.flashstock.inventory.ReservationIds;
import dev.flashstock.stock.IdempotencyKey;
import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Quantity;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ReservationId;
import dev.flashstock.stock.ReservationRequest;
import dev.flashstock.stock.Sku;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Asking for units of a product. */
@Path("/products/{sku}/reservations")
@Produces({MediaType.APPLICATION_JSON, Problem.MEDIA_TYPE})
@RolesAllowed({Roles.SHOPPER, Roles.SERVICE})
@Tag(name = "Reservations")
public class ReserveResource {
    /** Percentiles are of the last ones. */
    private static final Duration PERCENTILES_OF = Duration.ofSeconds(10);

    /** The refusals that a request may have. */
    private static final Set<ProblemType> REFUSALS = EnumSet.of(
            ProblemType.UNKNOWN_SKU,
            ProblemType.NOT_ON_SALE,
            ProblemType.SALE_NOT_STARTED,
            ProblemType.SALE_ENDED,
            ProblemType.SOLD_OUT,
            ProblemType.OVER_LIMIT,
            ProblemType.OVERLOADED,
            ProblemType.TOO_MANY_REQUESTS,
            ProblemType.REJECTED,
            ProblemType.WRONG_STATE,
            ProblemType.KEY_REUSED);

    private static final Set<Reservation.Status> ANSWERS =
            EnumSet.of(Reservation.Status.QUEUED, Reservation.Status.HELD, Reservation.Status.CONFIRMED);

    private static final String APPLIED = "Preference-Applied";

    private final Allowance allowance;
    private final ReservationDesk desk;
    private final ReservationIds ids;
    private final ReservationsConfig config;
    private final Caller caller;
    private final InstantSource clock;
    private final MeterRegistry metrics;
    private final Timer waited;

    ReserveResource(
            Allowance allowance,
            ReservationDesk desk,
            ReservationIds ids,
            ReservationsConfig config,
            Caller caller,
            InstantSource clock,
            MeterRegistry metrics) {
        this.allowance = allowance;
        this.desk = desk;
        this.ids = ids;
        this.config = config;
        this.caller = caller;
        this.clock = clock;
        this.metrics = metrics;
        this.waited = Timer.builder("flashstock.reservation.time")
                .description("How long an outcome took that was waited for")
                .publishPercentiles(0.5, 0.95, 0.99)
                .distributionStatisticExpiry(PERCENTILES_OF)
                .register(metrics);
        ANSWERS.forEach(it -> counter(it.name()));
        REFUSALS.forEach(it -> counter(it.name()));
    }

    @POST
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "reserve",
            summary = "Reserve units",
            description =
                    "Without a preference the request is made durable in a queue and answered at once; its outcome"
                            + " appears at Location. Prefer: wait=2 waits for the outcome, up to 2 seconds.")
    @APIResponse(
            responseCode = "201",
            description = "Held",
            headers = {
                @Header(
                        name = HttpHeaders.LOCATION,
                        description = "the reservation",
                        schema = @Schema(type = SchemaType.STRING)),
                @Header(
                        name = APPLIED,
                        description = "what was done of Prefer",
                        schema = @Schema(type = SchemaType.STRING))
            },
            content = @Content(schema = @Schema(implementation = ReservationView.class)))
    @APIResponse(
            responseCode = "202",
            description = "Accepted; the outcome appears at Location",
            headers = {
                @Header(
                        name = HttpHeaders.LOCATION,
                        description = "where the outcome appears",
                        schema = @Schema(type = SchemaType.STRING)),
                @Header(
                        name = APPLIED,
                        description = "what was done of Prefer",
                        schema = @Schema(type = SchemaType.STRING))
            },
            content = @Content(schema = @Schema(implementation = ReservationView.class)))
    @APIResponse(responseCode = "409", description = "Sold out, over the user's limit, or not on sale")
    public Uni<Response> reserve(
            @PathParam("sku") Sku sku,
            @HeaderParam("Idempotency-Key")
                    @Parameter(required = true, schema = @Schema(implementation = IdempotencyKey.class))
                    @Nullable
                    IdempotencyKey key,
            @HeaderParam("Prefer")
                    @Parameter(
                            description =
                                    "wait=n, respond-async, or both (RFC 7240); what is not understood is ignored",
                            schema = @Schema(type = SchemaType.STRING, examples = "wait=2"))
                    @Nullable
                    List<String> prefer,
            @NotNull @Valid ReservationBody body) {
        ReservationRequest request = new ReservationRequest(
                ReservationId.of(sku, BadInput.required("Idempotency-Key", key)),
                caller.user(),
                new Quantity(body.quantity()),
                clock.instant(),
                CurrentTrace.get());
        Preference preference = Preference.of(prefer, config.maxWait());
        long begun = System.nanoTime();
        return allowance
                .ofUser(caller, user -> desk.reserve(request, preference.patience()))
                .invoke(outcome -> {
                    count(outcome);
                    if (!preference.patience().isZero()) {
                        waited.record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
                    }
                })
                .map(outcome -> outcome.fold(it -> reserved(request, it, preference), Refusals::response));
    }

    private Response reserved(ReservationRequest request, Reservation reservation, Preference preference) {
        boolean queued = reservation.status() == Reservation.Status.QUEUED;
        // What is queued is not stored yet, but the caller has just said how many.
        Reservation shown = queued ? reservation.of(request.quantity()) : reservation;
        ReservationView view = ReservationView.of(shown, ids);
        Response.ResponseBuilder response = Response.status(queued ? Response.Status.ACCEPTED : Response.Status.CREATED)
                .header(HttpHeaders.LOCATION, "/reservations/" + view.id())
                .entity(view);
        preference.applied().ifPresent(applied -> response.header(APPLIED, applied));
        return response.build();
    }

    private void count(Outcome<Reservation> outcome) {
        String what = outcome.fold(
                reservation -> reservation.status().name(),
                refusal -> Refusals.type(refusal).name());
        counter(what).increment();
    }

    private Counter counter(String outcome) {
        return Counter.builder("flashstock.reservation.requests")
                .description("Requests to reserve that were answered, by the reservation's status or the refusal")
                .tag("outcome", outcome)
                .register(metrics);
    }
}
