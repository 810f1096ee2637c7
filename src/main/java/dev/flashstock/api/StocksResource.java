package dev.flashstock.api;

import dev.flashstock.inventory.Stock;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.StockLevel;
import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Stock of many products, for pages that list them. */
@Path("/stock")
@Produces({MediaType.APPLICATION_JSON, Problem.MEDIA_TYPE})
@Tag(name = "Stock", description = "How much there is")
public class StocksResource {
    private static final int MOST = 100;

    private final Stock stock;
    private final StockReads reads;

    StocksResource(Stock stock, StockReads reads) {
        this.stock = stock;
        this.reads = reads;
    }

    @GET
    @Operation(
            operationId = "getStocks",
            summary = "How many units are left of up to 100 products",
            description = "As of one product, with one question to each layer that is asked.")
    @APIResponseSchema(value = StocksView.class, responseCode = "200")
    public Uni<Response> levels(
            @QueryParam("sku")
                    @Parameter(
                            description = "1 to 100 times",
                            required = true,
                            schema =
                                    @Schema(
                                            type = SchemaType.ARRAY,
                                            implementation = Sku.class,
                                            minItems = 1,
                                            maxItems = MOST))
                    List<Sku> skus) {
        Set<Sku> asked = new LinkedHashSet<>(skus);
        if (skus.isEmpty() || skus.size() > MOST) {
            throw new BadInput("sku", "Size", "must be there 1 to " + MOST + " times");
        }
        return stock.levels(asked).map(levels -> told(asked, levels));
    }

    private Response told(Set<Sku> asked, Map<Sku, StockLevel> levels) {
        List<StockView> items = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        for (Sku sku : asked) {
            StockLevel level = levels.get(sku);
            if (level == null) {
                unknown.add(sku.value());
            } else {
                items.add(reads.told(level));
            }
        }
        Response.ResponseBuilder answer = Response.ok(new StocksView(items, unknown));
        return levels.values().stream()
                .map(StockLevel::asOf)
                .min(Comparator.naturalOrder())
                .map((Instant oldest) -> reads.cacheable(answer, oldest))
                .orElse(answer)
                .build();
    }
}
