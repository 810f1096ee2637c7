package dev.flashstock.api;

import dev.flashstock.heat.TableFix;
import dev.flashstock.heat.TableName;
import dev.flashstock.inventory.TableDiagnoses;
import dev.flashstock.inventory.TableFixes;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Tables of DynamoDB, any that the role may see: what is the matter, and what can be done about it here. */
@Path("/diagnosis/tables/{table}")
@Produces({MediaType.APPLICATION_JSON, Problem.MEDIA_TYPE})
@Tag(name = "Tables", description = "What is the matter with a table of DynamoDB, and what helps")
public class TablesResource {
    private static final String CONFIRM = "confirm";
    private static final String DRY_RUN =
            " Without confirm=true nothing is changed: the answer tells what would be. Asked again, it changes nothing more.";

    private final TableDiagnoses diagnoses;
    private final TableFixes fixes;

    TablesResource(TableDiagnoses diagnoses, TableFixes fixes) {
        this.diagnoses = diagnoses;
        this.fixes = fixes;
    }

    @GET
    @RolesAllowed({Roles.OPERATOR, Roles.ADMIN})
    @Operation(
            operationId = "diagnoseTable",
            summary = "What is the matter with a table",
            description =
                    "By what DynamoDB and CloudWatch tell of the last 15 minutes; where CloudWatch is not asked, by"
                            + " what this process has counted. What may not be read is named, and the rest is told without it.")
    @APIResponseSchema(value = TableDiagnosisView.class, responseCode = "200")
    @APIResponse(responseCode = "404", description = "There is no such table")
    public Uni<Response> diagnose(@PathParam("table") TableName table) {
        return diagnoses
                .diagnose(table)
                .map(outcome -> outcome.fold(
                        it -> Response.ok(TableDiagnosisView.of(it)).build(), Refusals::response));
    }

    @POST
    @Path("/on-demand")
    @RolesAllowed(Roles.ADMIN)
    @Operation(
            operationId = "switchTableToOnDemand",
            summary = "Switch a table to on-demand",
            description = "The emergency switch when provisioned capacity is used up; at most four times in 24 hours."
                    + DRY_RUN)
    @APIResponseSchema(value = TableFixView.class, responseCode = "200")
    @APIResponse(responseCode = "409", description = "The table is being changed, or was changed too often")
    @APIResponse(responseCode = "422", description = "DynamoDB does not take such a change")
    public Uni<Response> onDemand(
            @PathParam("table") TableName table,
            @QueryParam(CONFIRM)
                    @DefaultValue("false")
                    @Parameter(schema = @Schema(type = SchemaType.BOOLEAN, defaultValue = "false"))
                    String confirm) {
        return fix(table, new TableFix.OnDemand(), confirm);
    }

    @POST
    @Path("/warm-throughput")
    @Consumes(MediaType.APPLICATION_JSON)
    @RolesAllowed(Roles.ADMIN)
    @Operation(
            operationId = "warmTable",
            summary = "Make a table ready for more",
            description = "Before a sale; it is paid for once and cannot be lowered again." + DRY_RUN)
    @APIResponseSchema(value = TableFixView.class, responseCode = "200")
    @APIResponse(responseCode = "409", description = "The table is being changed, or was changed too often")
    @APIResponse(responseCode = "422", description = "DynamoDB does not take such a change")
    public Uni<Response> warm(
            @PathParam("table") TableName table,
            @QueryParam(CONFIRM)
                    @DefaultValue("false")
                    @Parameter(schema = @Schema(type = SchemaType.BOOLEAN, defaultValue = "false"))
                    String confirm,
            @NotNull WarmThroughputBody body) {
        return fix(table, body.fix(), confirm);
    }

    @POST
    @Path("/contributor-insights")
    @RolesAllowed(Roles.ADMIN)
    @Operation(
            operationId = "nameThrottledKeys",
            summary = "Have CloudWatch name the keys that are throttled",
            description = "Switches Contributor Insights on in the mode that watches throttled keys alone." + DRY_RUN)
    @APIResponseSchema(value = TableFixView.class, responseCode = "200")
    @APIResponse(responseCode = "409", description = "The table is being changed, or was changed too often")
    @APIResponse(responseCode = "422", description = "DynamoDB does not take such a change")
    public Uni<Response> contributorInsights(
            @PathParam("table") TableName table,
            @QueryParam(CONFIRM)
                    @DefaultValue("false")
                    @Parameter(schema = @Schema(type = SchemaType.BOOLEAN, defaultValue = "false"))
                    String confirm) {
        return fix(table, new TableFix.NameThrottledKeys(), confirm);
    }

    private Uni<Response> fix(TableName table, TableFix fix, String confirm) {
        return fixes.fix(table, fix, BadInput.truth(CONFIRM, confirm))
                .map(outcome -> outcome.fold(
                        it -> Response.ok(TableFixView.of(table, it)).build(), Refusals::response));
    }
}
