package dev.flashstock.api;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.Content;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.responses.APIResponses;

/**
 * Says in the OpenAPI document what holds for all operations, so that no operation says it: how each may be refused, the
 * headers that all know, whom a service acts for. Runs when the application is built.
 */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public final class Contract implements OASFilter {
    private static final String NO_CONTENT = "204";

    @Override
    public void filterOpenAPI(OpenAPI contract) {
        ContractSchemas.complete(contract);
        ContractRefusals.describe(contract.getComponents());
        contract.getComponents()
                .addHeader(RequestIdFilter.HEADER, requestIdOfAnAnswer())
                .addParameter(RequestIdFilter.HEADER, requestId())
                .addParameter(Caller.FOR_USER, user());
        contract.getPaths()
                .getPathItems()
                .forEach((path, item) -> item.getOperations().values().forEach(it -> complete(path, it)));
    }

    private static void complete(String path, Operation operation) {
        if (isForUsers(operation)) {
            operation.addParameter(OASFactory.createParameter().ref(Caller.FOR_USER));
        }
        operation.addParameter(OASFactory.createParameter().ref(RequestIdFilter.HEADER));
        APIResponses responses = operation.getResponses();
        ContractRefusals.of(path, operation).forEach(responses::addAPIResponse);
        responses.getAPIResponses().forEach((status, response) -> complete(responses, status, response));
    }

    /** Only a service acts for others. */
    private static boolean isForUsers(Operation operation) {
        return operation.getSecurity() != null
                && operation.getSecurity().stream()
                        .flatMap(requirement -> requirement.getSchemes().values().stream())
                        .anyMatch(roles -> roles.contains(Roles.SERVICE));
    }

    private static void complete(APIResponses all, String status, APIResponse response) {
        if (response.getRef() != null) {
            return;
        }
        if (status.startsWith("2") && !status.equals(NO_CONTENT)) {
            response.setContent(content(all, response));
        }
        if (Integer.parseInt(status) >= 400) {
            response.setContent(ContractRefusals.problem());
        }
        response.addHeader(RequestIdFilter.HEADER, OASFactory.createHeader().ref(RequestIdFilter.HEADER));
    }

    /** What a success tells: no problem, and whatever another success of the operation tells when it says nothing itself. */
    private static Content content(APIResponses all, APIResponse response) {
        Content content = response.getContent() == null ? contentOf(all) : response.getContent();
        Content told = OASFactory.createContent();
        content.getMediaTypes().forEach((type, media) -> {
            if (!type.equals(Problem.MEDIA_TYPE)) {
                told.addMediaType(type, media);
            }
        });
        return told;
    }

    private static Content contentOf(APIResponses all) {
        return all.getAPIResponses().entrySet().stream()
                .filter(it -> it.getKey().startsWith("2"))
                .map(Map.Entry::getValue)
                .filter(it -> it.getContent() != null)
                .findFirst()
                .map(APIResponse::getContent)
                .orElseThrow(() -> new IllegalStateException("An operation does not say what it answers"));
    }

    private static Parameter requestId() {
        return OASFactory.createParameter()
                .name(RequestIdFilter.HEADER)
                .in(Parameter.In.HEADER)
                .description("What the request is logged under. One that is not 1 to 64 letters, digits and ._:/+=-"
                        + " is replaced.")
                .schema(ContractSchemas.string().examples(List.of("trace-4711")));
    }

    private static org.eclipse.microprofile.openapi.models.headers.Header requestIdOfAnAnswer() {
        return OASFactory.createHeader()
                .description("What the request is logged under")
                .required(true)
                .schema(ContractSchemas.string().examples(List.of("trace-4711")));
    }

    private static Parameter user() {
        return OASFactory.createParameter()
                .name(Caller.FOR_USER)
                .in(Parameter.In.HEADER)
                .description("For whom a service acts: it must say. A shopper acts for itself, and need not.")
                .schema(ContractSchemas.reference("UserId"));
    }
}
