package dev.flashstock.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.flashstock.inventory.ReservationIds;
import dev.flashstock.inventory.Stock;
import dev.flashstock.stock.IdempotencyKey;
import io.smallrye.mutiny.Multi;
import io.vertx.core.Context;
import io.vertx.ext.web.RoutingContext;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Singleton;
import jakarta.validation.Validator;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Changing stock in bulk: a file of adjustments, each line on its own. */
@Path(AdjustmentsResource.PATH)
@Singleton
@Tag(name = "Stock")
public class AdjustmentsResource {
    static final String PATH = "/adjustments";
    static final String NDJSON = "application/x-ndjson";
    static final String JSONL = "application/jsonl";
    static final String CSV = "text/csv";

    /** How many uploads a process takes at once. */
    static final int MAX_UPLOADS = 2;

    private static final Problem BUSY = Problem.of(
            ProblemType.UNAVAILABLE,
            MAX_UPLOADS + " uploads are under way in this process: try again when one has ended.");

    private final Stock stock;
    private final Caller caller;
    private final InstantSource clock;
    private final ReservationIds ids;
    private final ObjectMapper mapper;
    private final Validator validator;
    private final AdjustmentsConfig config;
    private final Doors doors;
    private final Semaphore places = new Semaphore(MAX_UPLOADS);

    AdjustmentsResource(
            Stock stock,
            Caller caller,
            InstantSource clock,
            ReservationIds ids,
            ObjectMapper mapper,
            Validator validator,
            AdjustmentsConfig config,
            Doors doors) {
        this.stock = stock;
        this.caller = caller;
        this.clock = clock;
        this.ids = ids;
        this.mapper = mapper;
        this.validator = validator;
        this.config = config;
        this.doors = doors;
    }

    @POST
    @Consumes({NDJSON, JSONL, CSV})
    @Produces(NDJSON)
    @RolesAllowed(Roles.ADMIN)
    @Operation(
            operationId = "adjustStockInBulk",
            summary = "Change stock in bulk",
            description =
                    "Each line is an adjustment on its own, with its own answer, told in the lines' order while the"
                            + " upload goes on; a line that fails does not stop the others. The last line of the answer is the"
                            + " summary. Sending the same file again with the same Idempotency-Key changes nothing twice: so an"
                            + " upload that was cut off is resumed.")
    @RequestBody(
            required = true,
            content = {
                @Content(mediaType = NDJSON, schema = @Schema(implementation = AdjustmentLine.class)),
                @Content(mediaType = JSONL, schema = @Schema(implementation = AdjustmentLine.class)),
                @Content(
                        mediaType = CSV,
                        schema = @Schema(type = SchemaType.STRING, examples = "sku,delta,reason\nconsole,700,DELIVERY"))
            })
    @APIResponse(responseCode = "408", description = "The upload has stalled")
    @APIResponse(
            responseCode = "200",
            description = "An answer for each line, and the summary",
            content = @Content(mediaType = NDJSON, schema = @Schema(implementation = BulkAnswer.class)))
    public Multi<BulkAnswer> adjust(
            @HeaderParam("Idempotency-Key")
                    @Parameter(
                            description = "For lines without a key of their own",
                            schema = @Schema(implementation = IdempotencyKey.class))
                    @Nullable
                    IdempotencyKey key,
            @QueryParam("from")
                    @DefaultValue(FirstLine.DEFAULT)
                    @Parameter(
                            description = "The number of the line to begin with; those before it are skipped",
                            schema =
                                    @Schema(
                                            type = SchemaType.INTEGER,
                                            format = "int64",
                                            minimum = "1",
                                            defaultValue = "1"))
                    FirstLine from,
            @jakarta.ws.rs.core.Context HttpHeaders headers,
            @jakarta.ws.rs.core.Context RoutingContext context) {
        BulkAdjustments.Asked asked = new BulkAdjustments.Asked(
                format(headers.getMediaType()), new LineKeys(key), from, caller.self(), RequestIdFilter.current());
        Upload upload = new Upload(context, config.maxBytes().asLongValue(), config.patience(), doors::areClosed);
        BulkAdjustments adjustments = new BulkAdjustments(stock, validator, clock, ids, upload, asked);
        Context loop = context.vertx().getOrCreateContext();
        return Multi.createFrom().deferred(() -> {
            if (!places.tryAcquire()) {
                throw new WebApplicationException(BUSY.response());
            }
            return adjustments.answers(task -> loop.runOnContext(now -> task.run()), places::release);
        });
    }

    private LineFormat format(@Nullable MediaType type) {
        if (type == null || !isUtf8(type.getParameters().get(MediaType.CHARSET_PARAMETER))) {
            throw new NotSupportedException();
        }
        return switch (type.getType() + '/' + type.getSubtype()) {
            case NDJSON, JSONL -> new LineFormat.Json(mapper);
            case CSV -> new LineFormat.Csv();
            default -> throw new NotSupportedException();
        };
    }

    private static boolean isUtf8(@Nullable String charset) {
        return charset == null || charset.equalsIgnoreCase(StandardCharsets.UTF_8.name());
    }
}
