package dev.flashstock.api;

import dev.flashstock.stock.IdempotencyKey;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.UserId;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.models.Components;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.headers.Header;
import org.eclipse.microprofile.openapi.models.media.MediaType;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.jspecify.annotations.Nullable;

/**
 * The schemas as they are meant: values that are one string, not objects; enumerations where they are used, since their
 * simple names clash; patterns that a whole value matches; bodies without unknown fields, what they need not have null.
 */
final class ContractSchemas {
    private static final String COMPONENT = "#/components/schemas/";

    private final Map<String, Schema> named;
    private final Set<String> used = new HashSet<>();

    private ContractSchemas(Map<String, Schema> named) {
        this.named = named;
    }

    static void complete(OpenAPI contract) {
        Components components = contract.getComponents();
        values().forEach(components::addSchema);
        ContractSchemas schemas = new ContractSchemas(Map.copyOf(components.getSchemas()));
        operations(contract).forEach(schemas::use);
        schemas.use(reference("Problem"));
        schemas.use(reference("UserId"));
        operations(contract).flatMap(ContractSchemas::taken).forEach(schemas::close);
        components.setSchemas(null);
        schemas.used.stream()
                .sorted()
                .filter(name -> !isInline(schemas.known(name)))
                .forEach(name -> components.addSchema(name, schemas.known(name)));
    }

    /** The types of parameters and headers that check themselves, and what they check. */
    private static Map<String, Schema> values() {
        return Map.of(
                "Sku", string().pattern(Sku.PATTERN).maxLength(Sku.MAX_LENGTH).examples(List.of("console")),
                "UserId",
                        string().minLength(1)
                                .maxLength(UserId.MAX_LENGTH)
                                .description("Not blank, without control characters")
                                .examples(List.of("alice")),
                "TableName", string().pattern("[a-zA-Z0-9_.-]{3,255}").examples(List.of("flashstock")),
                "IdempotencyKey",
                        string().pattern(IdempotencyKey.PATTERN)
                                .maxLength(IdempotencyKey.MAX_LENGTH)
                                .examples(List.of("cart-1")));
    }

    static Schema string() {
        return OASFactory.createSchema().addType(SchemaType.STRING);
    }

    static Schema reference(String name) {
        return OASFactory.createSchema().ref(COMPONENT + name);
    }

    private static Stream<Operation> operations(OpenAPI contract) {
        return contract.getPaths().getPathItems().values().stream()
                .flatMap(item -> item.getOperations().values().stream());
    }

    private void use(Operation operation) {
        orNone(operation.getParameters()).forEach(it -> use(it.getSchema()));
        taken(operation).forEach(this::use);
        operation.getResponses().getAPIResponses().values().forEach(this::use);
    }

    private void use(APIResponse response) {
        if (response.getHeaders() != null) {
            response.getHeaders().values().stream().map(Header::getSchema).forEach(this::use);
        }
        if (response.getContent() != null) {
            response.getContent().getMediaTypes().values().stream()
                    .map(MediaType::getSchema)
                    .forEach(this::use);
        }
    }

    private static Stream<Schema> taken(Operation operation) {
        return operation.getRequestBody() == null
                ? Stream.of()
                : operation.getRequestBody().getContent().getMediaTypes().values().stream()
                        .map(MediaType::getSchema);
    }

    private void use(@Nullable Schema schema) {
        if (schema == null) {
            return;
        }
        String name = nameOf(schema);
        if (name != null && isInline(known(name))) {
            inline(known(name), schema);
        } else if (name != null && used.add(name)) {
            use(known(name));
        }
        anchor(schema);
        parts(schema).forEach(this::use);
    }

    private static Stream<Schema> parts(Schema schema) {
        Collection<Schema> properties = schema.getProperties() == null
                ? List.of()
                : schema.getProperties().values();
        return Stream.of(
                        properties.stream(),
                        Stream.ofNullable(schema.getItems()),
                        Stream.ofNullable(schema.getAdditionalPropertiesSchema()),
                        orNone(schema.getOneOf()).stream())
                .flatMap(it -> it);
    }

    private static void inline(Schema source, Schema target) {
        target.setRef(null);
        target.setType(source.getType());
        target.setFormat(source.getFormat());
        target.setEnumeration(source.getEnumeration());
    }

    private static boolean isInline(Schema schema) {
        return schema.getEnumeration() != null || "date-time".equals(schema.getFormat());
    }

    /** JSON Schema looks for a pattern anywhere in a value; Java's validation and ours match all of it. */
    private static void anchor(Schema schema) {
        String pattern = schema.getPattern();
        if (pattern != null && !pattern.startsWith("^")) {
            schema.setPattern("^" + pattern + "$");
        }
    }

    /** The body of a request: an unknown field is refused, and null is as good as nothing. */
    private void close(Schema taken) {
        String name = nameOf(taken);
        Schema body = name == null ? taken : known(name);
        if (body.getProperties() != null) {
            body.setAdditionalPropertiesSchema(OASFactory.createSchema().booleanSchema(false));
            body.getProperties().forEach((field, schema) -> {
                if (!orNone(body.getRequired()).contains(field) && schema.getRef() == null) {
                    orNull(schema);
                }
            });
        }
    }

    private static void orNull(Schema schema) {
        if (!schema.getType().contains(SchemaType.NULL)) {
            schema.addType(SchemaType.NULL);
        }
    }

    private static @Nullable String nameOf(Schema schema) {
        String ref = schema.getRef();
        return ref == null ? null : ref.substring(COMPONENT.length());
    }

    private Schema known(String name) {
        return Objects.requireNonNull(named.get(name), name);
    }

    private static <T> List<T> orNone(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }
}
