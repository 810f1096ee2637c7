package dev.flashstock.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.MESSAGE_RETENTION_PERIOD;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.REDRIVE_POLICY;
import static software.amazon.awssdk.services.sqs.model.QueueAttributeName.VISIBILITY_TIMEOUT;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.flashstock.app.TotalsConfig;
import dev.flashstock.dynamodb.DynamoDbConfig;
import dev.flashstock.dynamodb.DynamoDbSetup;
import dev.flashstock.dynamodb.StreamSetup;
import dev.flashstock.local.Backend;
import dev.flashstock.local.LocalBackends;
import dev.flashstock.sqs.SqsConfig;
import dev.flashstock.sqs.SqsSetup;
import io.quarkus.runtime.configuration.DurationConverter;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveDescription;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.CreateQueueRequest;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * What Terraform makes is what {@code flashstock.provision} makes: both are made, in DynamoDB Local and ElasticMQ, and
 * compared.
 */
class TerraformTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final JsonNode TABLE = Terraform.json("table.tf.json").at("/resource/aws_dynamodb_table/flashstock");
    private static final JsonNode QUEUES = Terraform.json("queues.tf.json").at("/resource/aws_sqs_queue");
    private static final JsonNode SETTINGS = Terraform.json("settings.tf.json").at("/locals/settings");
    private static final JsonNode ALARMS =
            Terraform.json("alarms.tf.json").at("/resource/aws_cloudformation_stack/alarms");

    /** What the table has besides, which flashstock does not ask for, or DynamoDB Local does not have. */
    private static final Set<String> BESIDES =
            Set.of("//", "point_in_time_recovery", "deletion_protection_enabled", "dynamic");

    /** The attributes of each queue that is asked for: ElasticMQ does not keep them all. */
    private static final Map<String, Map<QueueAttributeName, String>> ASKED = new ConcurrentHashMap<>();

    private static DynamoDbAsyncClient dynamoDb;
    private static SqsAsyncClient sqs;

    private final String suffix = UUID.randomUUID().toString();

    @BeforeAll
    static void connect() {
        StaticCredentialsProvider anybody =
                StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local"));
        dynamoDb = DynamoDbAsyncClient.builder()
                .endpointOverride(LocalBackends.server(Backend.DYNAMODB))
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(anybody)
                .build();
        sqs = SqsAsyncClient.builder()
                .endpointOverride(LocalBackends.server(Backend.SQS))
                .overrideConfiguration(it -> it.addExecutionInterceptor(new ExecutionInterceptor() {
                    @Override
                    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
                        if (context.request() instanceof CreateQueueRequest request) {
                            ASKED.put(request.queueName(), request.attributes());
                        }
                    }
                }))
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(anybody)
                .build();
    }

    @AfterAll
    static void disconnect() {
        dynamoDb.close();
        sqs.close();
    }

    // The table

    @Test
    void theTableIsTheOneThatIsProvisioned() {
        // Given
        String provisioned = "provisioned-" + suffix;
        String applied = "applied-" + suffix;
        new DynamoDbSetup(dynamoDb, provisioned).provision().await().atMost(PATIENCE);
        new StreamSetup(dynamoDb, provisioned).provision().await().atMost(PATIENCE);

        // When
        applyTable(applied);

        // Then
        assertThat(tableShape(applied)).isEqualTo(tableShape(provisioned));
    }

    @Test
    void flashstockStartsOnTheTableAndHasNothingToProvision() {
        // Given
        String applied = "applied-" + suffix;
        applyTable(applied);
        Map<String, Object> before = tableShape(applied);

        // When
        new DynamoDbSetup(dynamoDb, applied).provision().await().atMost(PATIENCE);
        new StreamSetup(dynamoDb, applied).provision().await().atMost(PATIENCE);

        // Then
        assertThat(tableShape(applied)).isEqualTo(before);
        new DynamoDbSetup(dynamoDb, applied).check().await().atMost(PATIENCE);
        new StreamSetup(dynamoDb, applied).check().await().atMost(PATIENCE);
    }

    @Test
    void nothingOfTheTableIsLeftOutOfTheComparison() {
        assertThat(names(TABLE))
                .containsExactlyInAnyOrderElementsOf(Stream.concat(
                                BESIDES.stream(),
                                Stream.of(
                                        "name",
                                        "billing_mode",
                                        "hash_key",
                                        "range_key",
                                        "attribute",
                                        "global_secondary_index",
                                        "stream_enabled",
                                        "stream_view_type",
                                        "ttl"))
                        .toList());
        assertThat(names(TABLE.get("global_secondary_index").get(0)))
                .containsExactlyInAnyOrder("name", "hash_key", "range_key", "projection_type");
    }

    @Test
    void theTableIsGuarded() {
        // Given
        Terraform terraform = new Terraform();

        // Then
        assertThat(TABLE.at("/point_in_time_recovery/enabled").asBoolean()).isTrue();
        assertThat(terraform.resolve(TABLE.get("deletion_protection_enabled"))).isEqualTo("true");
        Terraform.json("table.tf.json")
                .at("/resource/aws_dynamodb_contributor_insights")
                .forEach(insights -> assertThat(insights.get("mode").asText()).isEqualTo("THROTTLED_KEYS"));
        assertThat(Terraform.json("table.tf.json")
                        .at("/resource/aws_dynamodb_contributor_insights/by_status/index_name"))
                .isEqualTo(TABLE.at("/global_secondary_index/0/name"));
    }

    /** Makes the table of the module. */
    private static void applyTable(String name) {
        String table = new Terraform().with("var.table", name).resolve(TABLE.get("name"));
        dynamoDb.createTable(CreateTableRequest.builder()
                        .tableName(table)
                        .billingMode(TABLE.get("billing_mode").asText())
                        .keySchema(keys(TABLE))
                        .attributeDefinitions(elements(TABLE.get("attribute"))
                                .map(it -> AttributeDefinition.builder()
                                        .attributeName(it.get("name").asText())
                                        .attributeType(it.get("type").asText())
                                        .build())
                                .toList())
                        .globalSecondaryIndexes(elements(TABLE.get("global_secondary_index"))
                                .map(it -> GlobalSecondaryIndex.builder()
                                        .indexName(it.get("name").asText())
                                        .keySchema(keys(it))
                                        .projection(projection -> projection.projectionType(
                                                it.get("projection_type").asText()))
                                        .build())
                                .toList())
                        .streamSpecification(it -> it.streamEnabled(
                                        TABLE.get("stream_enabled").asBoolean())
                                .streamViewType(TABLE.get("stream_view_type").asText()))
                        .build())
                .join();
        dynamoDb.updateTimeToLive(request -> request.tableName(table)
                        .timeToLiveSpecification(it -> it.attributeName(
                                        TABLE.at("/ttl/attribute_name").asText())
                                .enabled(TABLE.at("/ttl/enabled").asBoolean())))
                .join();
    }

    private static List<KeySchemaElement> keys(JsonNode of) {
        return List.of(key(of.get("hash_key"), KeyType.HASH), key(of.get("range_key"), KeyType.RANGE));
    }

    private static KeySchemaElement key(JsonNode attribute, KeyType type) {
        return KeySchemaElement.builder()
                .attributeName(attribute.asText())
                .keyType(type)
                .build();
    }

    /** All that a table can be told apart by, but its name, its age and its size. */
    private static Map<String, Object> tableShape(String table) {
        TableDescription description = dynamoDb.describeTable(request -> request.tableName(table))
                .join()
                .table();
        TimeToLiveDescription timeToLive = dynamoDb.describeTimeToLive(request -> request.tableName(table))
                .join()
                .timeToLiveDescription();
        Map<String, Object> shape = new HashMap<>();
        shape.put("keys", description.keySchema());
        shape.put("attributes", Set.copyOf(description.attributeDefinitions()));
        shape.put("billing", description.billingModeSummary().billingMode());
        shape.put("stream", description.streamSpecification());
        shape.put("timeToLive", timeToLive);
        shape.put("localIndexes", description.localSecondaryIndexes());
        for (GlobalSecondaryIndexDescription index : description.globalSecondaryIndexes()) {
            shape.put("index " + index.indexName(), List.of(index.keySchema(), index.projection()));
        }
        assertThat(shape).hasSize(7);
        return shape;
    }

    // The queues

    @Test
    void theQueuesAreThoseThatAreProvisioned() {
        // Given
        SqsConfig provisioned = queues("provisioned-" + suffix);
        SqsConfig applied = queues("applied-" + suffix);
        new SqsSetup(sqs, provisioned).provision().await().atMost(PATIENCE);

        // When
        applyQueues(applied);

        // Then
        assertThat(asked(applied.queue()))
                .isEqualTo(asked(provisioned.queue()))
                .containsOnlyKeys(MESSAGE_RETENTION_PERIOD, VISIBILITY_TIMEOUT, REDRIVE_POLICY);
        assertThat(asked(applied.deadLetterQueue()))
                .isEqualTo(asked(provisioned.deadLetterQueue()))
                .containsOnlyKeys(MESSAGE_RETENTION_PERIOD);
    }

    @Test
    void flashstockStartsOnTheQueuesAndHasNothingToProvision() {
        // Given
        SqsConfig applied = queues("applied-" + suffix);
        applyQueues(applied);

        // When
        new SqsSetup(sqs, applied).provision().await().atMost(PATIENCE);

        // Then
        new SqsSetup(sqs, applied).check().await().atMost(PATIENCE);
        assertThat(new SqsSetup(sqs, applied).isFifo().await().atMost(PATIENCE)).isFalse();
    }

    @Test
    void nothingOfTheQueuesIsLeftOutOfTheComparison() {
        assertThat(names(QUEUES)).containsExactlyInAnyOrder("dead", "requests");
        assertThat(names(QUEUES.get("dead")))
                .containsExactlyInAnyOrder("//", "name", "message_retention_seconds", "sqs_managed_sse_enabled");
        assertThat(names(QUEUES.get("requests")))
                .containsExactlyInAnyOrder(
                        "//",
                        "name",
                        "message_retention_seconds",
                        "visibility_timeout_seconds",
                        "redrive_policy",
                        "sqs_managed_sse_enabled");
        QUEUES.forEach(queue ->
                assertThat(queue.get("sqs_managed_sse_enabled").asBoolean()).isTrue());
    }

    @Test
    void theVariablesBeginAsTheSettingsDo() {
        // Given
        Terraform terraform = new Terraform();

        // When
        SqsConfig applied = settings(terraform, Map.of()).getConfigMapping(SqsConfig.class);

        // Then
        SqsConfig unset = config(Map.of()).getConfigMapping(SqsConfig.class);
        assertThat(applied.queue()).isEqualTo(unset.queue());
        assertThat(applied.deadLetterQueue()).isEqualTo(unset.deadLetterQueue());
        assertThat(applied.maxReceives()).isEqualTo(unset.maxReceives());
        assertThat(applied.visibility()).isEqualTo(unset.visibility());
        assertThat(settings(terraform, Map.of())
                        .getConfigMapping(DynamoDbConfig.class)
                        .table())
                .isEqualTo(
                        config(Map.of()).getConfigMapping(DynamoDbConfig.class).table());
    }

    /** Makes the queues of the module. */
    private static void applyQueues(SqsConfig names) {
        Terraform terraform =
                new Terraform().with("var.queue", names.queue()).with("var.dead_letter_queue", names.deadLetterQueue());
        String dead = createQueue(terraform, QUEUES.get("dead"));
        String arn = sqs.getQueueAttributes(
                        request -> request.queueUrl(dead).attributeNames(QueueAttributeName.QUEUE_ARN))
                .join()
                .attributes()
                .get(QueueAttributeName.QUEUE_ARN);
        createQueue(terraform.with("aws_sqs_queue.dead.arn", arn), QUEUES.get("requests"));
    }

    private static String createQueue(Terraform terraform, JsonNode queue) {
        Map<QueueAttributeName, String> attributes = new EnumMap<>(QueueAttributeName.class);
        Map.of(
                        MESSAGE_RETENTION_PERIOD, "message_retention_seconds",
                        VISIBILITY_TIMEOUT, "visibility_timeout_seconds",
                        REDRIVE_POLICY, "redrive_policy")
                .forEach((attribute, argument) -> {
                    if (queue.has(argument)) {
                        attributes.put(attribute, terraform.resolve(queue.get(argument)));
                    }
                });
        return sqs.createQueue(request ->
                        request.queueName(terraform.resolve(queue.get("name"))).attributes(attributes))
                .join()
                .queueUrl();
    }

    private static SqsConfig queues(String name) {
        return config(Map.of("FLASHSTOCK_SQS_QUEUE", name, "FLASHSTOCK_SQS_DEAD_LETTER_QUEUE", name + "-dead"))
                .getConfigMapping(SqsConfig.class);
    }

    /** With what attributes a queue was asked for last; the two dead-letter queues have different names. */
    private static Map<QueueAttributeName, String> asked(String queue) {
        Map<QueueAttributeName, String> asked = new EnumMap<>(ASKED.get(queue));
        asked.computeIfPresent(REDRIVE_POLICY, (attribute, policy) -> policy.replace(":" + queue + "-dead", ":<dead>"));
        return asked;
    }

    // The settings

    @Test
    void flashstockReadsTheSettingsThatTerraformPutsOut() {
        // Given
        Terraform terraform = new Terraform().with("var.max_receives", "7").with("var.visibility_seconds", "45");

        // When
        SmallRyeConfig config =
                settings(terraform, Map.of("var.table", "t", "var.queue", "q", "var.dead_letter_queue", "q-dead"));

        // Then
        SqsConfig queue = config.getConfigMapping(SqsConfig.class);
        assertThat(config.getConfigMapping(DynamoDbConfig.class).table()).isEqualTo("t");
        assertThat(queue.queue()).isEqualTo("q");
        assertThat(queue.deadLetterQueue()).isEqualTo("q-dead");
        assertThat(queue.maxReceives()).isEqualTo(7);
        assertThat(queue.visibility()).isEqualTo(Duration.ofSeconds(45));
        assertThat(config.getValue("quarkus.dynamodb.aws.region", String.class)).isEqualTo("eu-central-1");
        assertThat(config.getValue("quarkus.sqs.aws.region", String.class)).isEqualTo("eu-central-1");
        assertThat(SETTINGS).hasSize(7);
    }

    /** What stands in {@code outputs.tf} depends on what there is: names and forms are looked for in the text. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "QUARKUS_REDIS_HOSTS += \"rediss://.*:6379\"",
                "QUARKUS_REDIS_TLS_HOSTNAME_VERIFICATION_ALGORITHM += \"HTTPS\"",
                "\"FLASHSTOCK_DAX_ENDPOINT\" => \"daxs://[^:]+\"",
                "FLASHSTOCK_TOTALS_SOURCE += var.summaries \\? \"summary\" : \"shards\""
            })
    void theCachesAreAskedWithTls(String line) {
        assertThat(Terraform.text("outputs.tf")).containsPattern(line);
    }

    @ParameterizedTest
    @ValueSource(strings = {"summary", "shards"})
    void theSourceOfTotalsIsOneThatThereIs(String source) {
        assertThat(config(Map.of("FLASHSTOCK_TOTALS_SOURCE", source))
                        .getConfigMapping(TotalsConfig.class)
                        .source())
                .hasToString(source.equals("summary") ? "SUMMARY" : "SHARDS");
    }

    private static SmallRyeConfig settings(Terraform terraform, Map<String, String> variables) {
        variables.forEach(terraform::with);
        terraform
                .with("data.aws_region.current.region", "eu-central-1")
                .with("aws_dynamodb_table.flashstock.name", terraform.resolve(TABLE.get("name")))
                .with("aws_sqs_queue.requests.name", terraform.resolve(QUEUES.at("/requests/name")))
                .with("aws_sqs_queue.dead.name", terraform.resolve(QUEUES.at("/dead/name")));
        Map<String, String> environment = new HashMap<>();
        SETTINGS.fields().forEachRemaining(it -> environment.put(it.getKey(), terraform.resolve(it.getValue())));
        return config(environment);
    }

    private static SmallRyeConfig config(Map<String, String> environment) {
        return new SmallRyeConfigBuilder()
                .withSources(new EnvConfigSource(environment, 300))
                .withConverter(Duration.class, 200, new DurationConverter())
                .withMapping(SqsConfig.class)
                .withMapping(DynamoDbConfig.class)
                .withMapping(TotalsConfig.class)
                .build();
    }

    // The alarms

    @Test
    void theStackHasTheParametersOfTheAlarms() throws IOException {
        // Given
        JsonNode parameters = new YAMLMapper()
                .readTree(Files.readString(Path.of("deploy/aws/alarms.yaml")))
                .get("Parameters");

        // Then
        assertThat(ALARMS.get("template_body").asText()).isEqualTo("${file(\"${path.module}/../alarms.yaml\")}");
        assertThat(Terraform.MODULE.resolve("../alarms.yaml")).exists();
        assertThat(names(ALARMS.get("parameters"))).containsExactlyInAnyOrderElementsOf(names(parameters));
    }

    // The text

    @Test
    void whatIsTakenFromVariablesIsDeclared() throws IOException {
        // Given
        Set<String> declared = new HashSet<>();
        Pattern.compile("(?m)^variable \"(\\w+)\"")
                .matcher(Terraform.text("variables.tf"))
                .results()
                .forEach(it -> declared.add(it.group(1)));

        // When
        Set<String> used = new HashSet<>();
        try (Stream<Path> files = Files.list(Terraform.MODULE)) {
            for (Path file : files.filter(it -> !it.endsWith("variables.tf")).toList()) {
                Pattern.compile("\\bvar\\.(\\w+)")
                        .matcher(Files.readString(file))
                        .results()
                        .forEach(it -> used.add(it.group(1)));
            }
        }

        // Then
        assertThat(used).isEqualTo(declared);
    }

    private static Stream<JsonNode> elements(JsonNode array) {
        List<JsonNode> elements = new ArrayList<>();
        array.forEach(elements::add);
        return elements.stream();
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
