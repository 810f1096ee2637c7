package dev.flashstock.deploy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Finds fields that an object of Kubernetes does not have, and values of another type than a field's: what an API server
 * refuses, or drops in silence. Kubernetes' own objects go by its model, the few custom ones by what is written here.
 */
final class StrictFields {
    private static final Map<String, Class<?>> MODEL = Map.of(
            "v1 ConfigMap", ConfigMap.class,
            "v1 Pod", Pod.class,
            "v1 Service", Service.class,
            "v1 ServiceAccount", ServiceAccount.class,
            "apps/v1 Deployment", Deployment.class,
            "autoscaling/v2 HorizontalPodAutoscaler", HorizontalPodAutoscaler.class,
            "networking.k8s.io/v1 Ingress", Ingress.class,
            "networking.k8s.io/v1 NetworkPolicy", NetworkPolicy.class,
            "policy/v1 PodDisruptionBudget", PodDisruptionBudget.class);

    /** The parts of custom objects that we use: `!` is after what must be there, `*` for any name. */
    private static final String CUSTOM = """
            keda.sh/v1alpha1 ScaledObject:
              scaleTargetRef!: {name!: text}
              pollingInterval: number
              minReplicaCount: number
              maxReplicaCount: number
              fallback: {failureThreshold!: number, replicas!: number}
              advanced:
                horizontalPodAutoscalerConfig:
                  behavior:
                    scaleDown: {stabilizationWindowSeconds: number}
              triggers!:
                - type!: text
                  metadata!: {queueURLFromEnv!: text, awsRegion!: text, queueLength!: text, scaleOnInFlight: text}
                  authenticationRef: {name!: text}
            keda.sh/v1alpha1 TriggerAuthentication:
              podIdentity!: {provider!: text}
            monitoring.coreos.com/v1 ServiceMonitor:
              selector!:
                matchLabels!: {"*": text}
              endpoints!:
                - {port!: text, path: text, interval: text, scrapeTimeout: text}
            monitoring.coreos.com/v1 PrometheusRule:
              groups!:
                - name!: text
                  rules!:
                    - alert!: text
                      expr!: text
                      for: text
                      labels: {"*": text}
                      annotations: {"*": text}
            """;

    /** The model keeps fields that it does not know; without that, they are errors. */
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .annotationIntrospector(new JacksonAnnotationIntrospector() {
                @Override
                public Boolean hasAnySetter(Annotated annotated) {
                    return false;
                }
            })
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfig(LogicalType.Textual, config -> {
                for (CoercionInputShape shape :
                        List.of(CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean)) {
                    config.setCoercion(shape, CoercionAction.Fail);
                }
            })
            .build();

    private StrictFields() {}

    /** What is wrong with an object; empty: nothing. */
    static List<String> errors(JsonNode object) {
        String type =
                object.path("apiVersion").asText() + " " + object.path("kind").asText();
        Class<?> model = MODEL.get(type);
        if (model != null) {
            try {
                MAPPER.treeToValue(object, model);
                return List.of();
            } catch (JsonProcessingException e) {
                return List.of(Manifests.id(object) + ": " + e.getOriginalMessage());
            }
        }
        List<String> errors = new ArrayList<>();
        JsonNode shape = custom().path(type);
        if (shape.isMissingNode()) {
            return List.of("Nobody knows a " + type);
        }
        object.fieldNames().forEachRemaining(field -> {
            if (!List.of("apiVersion", "kind", "metadata", "spec").contains(field)) {
                errors.add(Manifests.id(object) + ": no field " + field);
            }
        });
        compare(Manifests.id(object) + " spec", shape, object.path("spec"), errors);
        return errors;
    }

    private static JsonNode custom() {
        try {
            return new YAMLMapper().readTree(CUSTOM);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static void compare(String path, JsonNode shape, JsonNode value, List<String> errors) {
        if (shape.isObject() && value.isObject()) {
            shape.fieldNames().forEachRemaining(field -> {
                if (field.endsWith("!") && !value.has(field.substring(0, field.length() - 1))) {
                    errors.add(path + "." + field + " is missing");
                }
            });
            value.properties().forEach(entry -> {
                String field = entry.getKey();
                JsonNode of = Map.of(field, shape.path(field), field + "!", shape.path(field + "!")).values().stream()
                        .filter(it -> !it.isMissingNode())
                        .findFirst()
                        .orElse(shape.path("*"));
                compare(path + "." + field, of, entry.getValue(), errors);
            });
        } else if (shape.isArray() && value.isArray()) {
            if (value.isEmpty()) {
                errors.add(path + " is empty");
            }
            value.forEach(element -> compare(path + "[]", shape.get(0), element, errors));
        } else if (shape.isMissingNode()) {
            errors.add(path + " is not a field");
        } else if (!(shape.asText().equals("text") && value.isTextual()
                || shape.asText().equals("number") && value.isInt())) {
            errors.add(path + " is not " + shape);
        }
    }
}
