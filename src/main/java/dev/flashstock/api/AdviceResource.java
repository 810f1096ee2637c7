package dev.flashstock.api;

import dev.flashstock.heat.ShardAdvice;
import dev.flashstock.sharding.Layout;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What to do before a sale; arithmetic alone. */
@Path("/advice")
@Produces({MediaType.APPLICATION_JSON, Problem.MEDIA_TYPE})
@Tag(name = "Advice", description = "How many shards a load needs")
public class AdviceResource {
    private static final int MOST_PROVISIONED = 10_000_000;
    private static final int MOST_CENTS = 1_000_000;

    @GET
    @Path("/shards")
    @Operation(
            operationId = "adviseShards",
            summary = "How many shards a load needs",
            description = "The minimum bears the load if it is spread perfectly, the safe number with a fifth to spare,"
                    + " the recommended is twice that. Shards fall on the table's partitions by chance: collisions tells"
                    + " how many it takes until no partition is beyond its limit, nearly for certain. waste tells what"
                    + " of a provisioned capacity a key with so many shards cannot use.")
    @APIResponseSchema(value = ShardAdviceView.class, responseCode = "200")
    public ShardAdviceView shards(
            @QueryParam("peakWritesPerSecond")
                    @Parameter(
                            required = true,
                            schema =
                                    @Schema(
                                            type = SchemaType.INTEGER,
                                            minimum = "1",
                                            maximum = "200000",
                                            examples = "8000"))
                    @Nullable
                    String peakWritesPerSecond,
            @QueryParam("partitions")
                    @Parameter(
                            description = "How many partitions the table has; unless told, twice the minimum",
                            schema = @Schema(type = SchemaType.INTEGER, minimum = "1", maximum = "10000"))
                    @Nullable
                    String partitions,
            @QueryParam("provisioned")
                    @Parameter(
                            description = "The table's provisioned write units a second: then the answer has its waste",
                            schema = @Schema(type = SchemaType.INTEGER, minimum = "1", maximum = "10000000"))
                    @Nullable
                    String provisioned,
            @QueryParam("shards")
                    @DefaultValue("1")
                    @Parameter(
                            description = "How many shards the key has that shall use the provisioned capacity",
                            schema = @Schema(type = SchemaType.INTEGER, minimum = "1", maximum = "256"))
                    String shards,
            @QueryParam("unitCentsPerMonth")
                    @DefaultValue("50")
                    @Parameter(
                            description = "What a provisioned write unit costs in a month, in cents",
                            schema = @Schema(type = SchemaType.INTEGER, minimum = "0", maximum = "1000000"))
                    String unitCentsPerMonth) {
        String asked = BadInput.required("peakWritesPerSecond", peakWritesPerSecond);
        int peak = BadInput.number("peakWritesPerSecond", asked, 1, ShardAdvice.MOST_WRITES_PER_SECOND);
        int ofKey = BadInput.number("shards", shards, 1, Layout.MAX_SHARDS);
        int cents = BadInput.number("unitCentsPerMonth", unitCentsPerMonth, 0, MOST_CENTS);
        ShardAdvice advice = partitions == null
                ? ShardAdvice.of(peak)
                : ShardAdvice.of(peak, BadInput.number("partitions", partitions, 1, ShardAdvice.MOST_PARTITIONS));
        ShardAdviceView.Waste waste = provisioned == null
                ? null
                : ShardAdviceView.Waste.of(
                        BadInput.number("provisioned", provisioned, 1, MOST_PROVISIONED), ofKey, cents);
        return ShardAdviceView.of(advice, waste);
    }
}
