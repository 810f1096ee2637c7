package dev.flashstock.api;

import dev.flashstock.heat.ClusterHeat;
import dev.flashstock.inventory.Pods;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponseSchema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** What ails the table, from the service's own figures. */
@Path("/diagnosis")
@Produces({MediaType.APPLICATION_JSON, Problem.MEDIA_TYPE})
@Tag(name = "Diagnosis", description = "What ails a table, and what helps")
public class DiagnosisResource {
    private final ClusterHeat heat;
    private final Pods pods;

    DiagnosisResource(ClusterHeat heat, Pods pods) {
        this.heat = heat;
        this.pods = pods;
    }

    @GET
    @RolesAllowed({Roles.OPERATOR, Roles.ADMIN})
    @Operation(
            operationId = "diagnose",
            summary = "Which keys are hot, what DynamoDB refuses, and what helps",
            description =
                    "From what the service's processes have asked of the table in the last seconds: no more than a"
                            + " second old, and free of charge. A key is hot when its partition refuses it, when it draws four"
                            + " fifths of what a partition bears, or when most requests are for it. Units are estimated.")
    @APIResponseSchema(value = DiagnosisView.class, responseCode = "200")
    public DiagnosisView diagnose() {
        return DiagnosisView.of(heat.diagnosis(), pods.living().size());
    }
}
