package dev.flashstock.deploy;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static dev.flashstock.deploy.PermissionsTest.Use.AUDIT;
import static dev.flashstock.deploy.PermissionsTest.Use.CONSUME;
import static dev.flashstock.deploy.PermissionsTest.Use.DIAGNOSE;
import static dev.flashstock.deploy.PermissionsTest.Use.FIX;
import static dev.flashstock.deploy.PermissionsTest.Use.FOLLOW;
import static dev.flashstock.deploy.PermissionsTest.Use.LOOK;
import static dev.flashstock.deploy.PermissionsTest.Use.PROVISION;
import static dev.flashstock.deploy.PermissionsTest.Use.SELL;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * Roles may do what the code does, and no more: the actions of each policy are held to the calls that are found in the
 * adapters. A call that is new there fails here, until a policy has it.
 */
class PermissionsTest {

    /** What a process does with AWS; each has a policy of its name in {@code policies.tf.json}. */
    enum Use {
        SELL,
        CONSUME,
        AUDIT,
        FOLLOW,
        LOOK,
        DIAGNOSE,
        FIX,
        PROVISION
    }

    /** A call of the SDK, or of our queue, and from where. */
    private record Call(String from, String method, JavaClass client, String operation) {}

    /** What of the code is for what, by class or by method; the rest is for selling. */
    private static final Map<String, Use> USES = Map.ofEntries(
            Map.entry("DynamoDbReservations.nextOf", AUDIT),
            Map.entry("DynamoDbStream", FOLLOW),
            Map.entry("DaxListings", LOOK),
            Map.entry("DynamoDbTables", DIAGNOSE),
            Map.entry("CloudWatchMeter", DIAGNOSE),
            Map.entry("DynamoDbTables.change", FIX),
            Map.entry("DynamoDbTables.nameThrottledKeys", FIX),
            Map.entry("DynamoDbSetup.provision", PROVISION),
            Map.entry("DynamoDbSetup.switchTimeToLiveOn", PROVISION),
            Map.entry("StreamSetup.provision", PROVISION),
            Map.entry("SqsSetup.create", PROVISION),
            Map.entry("SqsSetup.arn", PROVISION),
            Map.entry("Acknowledgements", CONSUME),
            Map.entry("Turns", CONSUME),
            Map.entry("Queue.receive", CONSUME));

    /** Operations of the SDK that have no action of their own name; a transaction's are those of its items. */
    private static final Map<String, String> ACTIONS = Map.ofEntries(
            Map.entry("dynamodb:TransactGetItems", "dynamodb:GetItem"),
            Map.entry("sqs:Send", "sqs:SendMessage"),
            Map.entry("sqs:SendMessageBatch", "sqs:SendMessage"),
            Map.entry("sqs:DeleteMessageBatch", "sqs:DeleteMessage"),
            Map.entry("sqs:ChangeMessageVisibilityBatch", "sqs:ChangeMessageVisibility"),
            Map.entry("dynamodb:Waiter", "dynamodb:DescribeTable"),
            Map.entry("item:Put", "dynamodb:PutItem"),
            Map.entry("item:Update", "dynamodb:UpdateItem"),
            Map.entry("item:Delete", "dynamodb:DeleteItem"),
            Map.entry("item:ConditionCheck", "dynamodb:ConditionCheckItem"));

    private static final String QUEUE = "dev.flashstock.sqs.Queue";

    /** What is no operation. */
    private static final Set<String> LOCAL = Set.of("close", "builder", "build", "serviceClientConfiguration");

    private static final JsonNode POLICIES = Terraform.json("policies.tf.json").at("/data/aws_iam_policy_document");

    private static final List<Call> CALLS = calls();

    @ParameterizedTest
    @EnumSource(Use.class)
    void aPolicyHasWhatTheCodeCallsAndNoMore(Use use) {
        // Given
        Set<String> called = called().get(use);

        // When
        Set<String> allowed = actions(POLICIES.get(use.name().toLowerCase(Locale.ROOT)));

        // Then: every process sells too
        Set<String> needed = new TreeSet<>(called);
        if (use != SELL) {
            needed.removeAll(actions(POLICIES.get("sell")));
        }
        assertThat(allowed).as("what the code calls").isSubsetOf(called);
        assertThat(allowed).as("what is allowed").containsAll(needed);
    }

    @Test
    void theCodeIsWhatIsLookedAt() {
        assertThat(called().get(SELL)).contains("dynamodb:PutItem", "dynamodb:GetItem", "sqs:SendMessage");
        for (Map.Entry<String, Use> known : USES.entrySet()) {
            assertThat(CALLS)
                    .as(known.getKey())
                    .anyMatch(call -> known.getKey().equals(call.from())
                            || known.getKey().equals(call.from() + "." + call.method()));
        }
    }

    @Test
    void onlyWhoConsumesReceives() {
        // Given
        String roles = Terraform.text("roles.tf");

        // When
        Map<String, String> uses = Map.of(
                "api", line(roles, "api"),
                "worker", line(roles, "worker"),
                "provisioner", line(roles, "provisioner"),
                "service", line(roles, "service"));

        // Then
        assertThat(uses.get("worker")).contains("consume").doesNotContain("local.asked");
        assertThat(uses.get("service")).contains("consume", "local.asked");
        assertThat(uses.get("api")).contains("local.asked").doesNotContain("consume", "provision");
        assertThat(uses.get("provisioner")).contains("provision").doesNotContain("consume", "local.asked");
        assertThat(roles).contains("var.admin_fixes ? [\"fix\"] : []");
        for (Use use : Use.values()) {
            assertThat(actions(POLICIES.get(use.name().toLowerCase(Locale.ROOT)))
                            .contains("sqs:ReceiveMessage"))
                    .as(use.name())
                    .isEqualTo(use == CONSUME);
        }
    }

    private static String line(String roles, String role) {
        Matcher line =
                Pattern.compile("(?m)^    " + role + "\\s+= (concat\\(.*\\))$").matcher(roles);
        assertThat(line.find()).as(role).isTrue();
        return line.group(1);
    }

    @Test
    void eachPolicyIsGivenToSomebody() {
        String roles = Terraform.text("roles.tf");
        for (Use use : Use.values()) {
            String name = use.name().toLowerCase(Locale.ROOT);
            assertThat(roles).containsPattern(name + "\\s+= data.aws_iam_policy_document." + name + ".json");
        }
        assertThat(POLICIES.size()).as("and that of the DAX cluster").isEqualTo(Use.values().length + 1);
        assertThat(Terraform.text("dax.tf")).contains("data.aws_iam_policy_document.dax.json");
    }

    /** What DAX is asked for it asks the table for; and it describes the table's keys. */
    @Test
    void daxReadsWhatItIsAskedFor() {
        // Given
        Set<String> needed = new HashSet<>(Set.of("dynamodb:DescribeTable"));
        called().get(LOOK).forEach(action -> needed.add(action.replace("dax:", "dynamodb:")));

        // Then
        assertThat(actions(POLICIES.get("dax"))).isEqualTo(needed);
    }

    @Test
    void onlyWhatHasNoResourceOfItsOwnIsAllowedForAll() {
        // Given
        Set<String> withoutResource = Set.of("cloudwatch:GetMetricData", "dynamodb:DescribeLimits");

        // Then
        for (JsonNode policy : POLICIES) {
            for (JsonNode statement : policy.get("statement")) {
                boolean isForAll = texts(statement.get("resources")).contains("*");
                assertThat(withoutResource.containsAll(texts(statement.get("actions"))))
                        .as(statement.toString())
                        .isEqualTo(isForAll);
                assertThat(texts(statement.get("actions"))).noneMatch(action -> action.contains("*"));
            }
        }
    }

    @Test
    void theIndexIsTheTables() {
        // Given
        String index = Terraform.json("table.tf.json")
                .at("/resource/aws_dynamodb_table/flashstock/global_secondary_index/0/name")
                .asText();

        // When
        JsonNode statement = POLICIES.at("/sell/statement/1");

        // Then
        assertThat(texts(statement.get("actions"))).containsExactly("dynamodb:Query");
        assertThat(statement.at("/resources/0").asText()).endsWith(".arn}/index/" + index);
    }

    /** Whoever writes a policy by hand takes it from there. */
    @Test
    void theDocumentationOfDiagnosisNamesTheSameActions() throws IOException {
        // Given
        Matcher block = Pattern.compile("(?s)## Permissions.*?```json\n(.*?)```")
                .matcher(Files.readString(Path.of("docs/diagnosis.md")));
        assertThat(block.find()).isTrue();

        // When
        Set<String> documented = new TreeSet<>();
        for (JsonNode statement : new ObjectMapper().readTree(block.group(1)).get("Statement")) {
            documented.addAll(texts(statement.get("Action")));
        }

        // Then: Terraform itself switches Contributor Insights on, and so makes its service-linked role
        documented.remove("iam:CreateServiceLinkedRole");
        Set<String> allowed = new TreeSet<>(actions(POLICIES.get("diagnose")));
        allowed.addAll(actions(POLICIES.get("fix")));
        assertThat(documented).isEqualTo(allowed);
    }

    @Test
    void theDocumentationNamesEachActionOfEachPolicy() throws IOException {
        // Given
        Map<String, Set<String>> documented = new TreeMap<>();
        String policy = "";
        for (String row : Files.readString(Path.of("docs/aws.md"))
                .replaceFirst("(?s).*\\| policy \\| actions \\| on \\|\n[^\n]*\n", "")
                .replaceFirst("(?s)\n\n.*", "")
                .split("\n")) {
            String[] cells = row.split("\\|");
            Matcher name = Pattern.compile("`(\\w+)`").matcher(cells[1]);
            policy = name.find() ? name.group(1) : policy;
            Set<String> actions = documented.computeIfAbsent(policy, it -> new TreeSet<>());
            Pattern.compile("`(?:[a-z]+:)?([A-Z]\\w+)`")
                    .matcher(cells[2])
                    .results()
                    .forEach(it -> actions.add(it.group(1)));
        }

        // Then
        Map<String, Set<String>> allowed = new TreeMap<>();
        for (Use use : Use.values()) {
            String name = use.name().toLowerCase(Locale.ROOT);
            allowed.put(name, new TreeSet<>());
            actions(POLICIES.get(name)).forEach(action -> allowed.get(name).add(action.replaceFirst(".*:", "")));
        }
        assertThat(documented).isEqualTo(allowed);
    }

    /** The consumer sends there what is not genuine; nobody else does. */
    @Test
    void onlyWhoConsumesSendsToTheDeadLetters() {
        assertThat(CALLS)
                .anyMatch(
                        call -> call.from().equals("Turns") && call.operation().equals("send"));
        assertThat(resources("sell", "sqs:SendMessage")).containsExactly("${aws_sqs_queue.requests.arn}");
        assertThat(resources("consume", "sqs:SendMessage")).containsExactly("${aws_sqs_queue.dead.arn}");
        assertThat(resources("consume", "sqs:ReceiveMessage"))
                .containsExactly("${aws_sqs_queue.requests.arn}", "${aws_sqs_queue.dead.arn}");
    }

    private static List<String> resources(String policy, String action) {
        List<String> resources = new ArrayList<>();
        for (JsonNode statement : POLICIES.get(policy).get("statement")) {
            if (texts(statement.get("actions")).contains(action)) {
                resources.addAll(texts(statement.get("resources")));
            }
        }
        return resources;
    }

    // What the code calls

    private static Map<Use, Set<String>> called() {
        Map<Use, Set<String>> called = new EnumMap<>(Use.class);
        for (Use use : Use.values()) {
            called.put(use, new TreeSet<>());
        }
        for (Call call : CALLS) {
            Use use = USES.getOrDefault(call.from() + "." + call.method(), USES.getOrDefault(call.from(), SELL));
            String operation = call.operation().substring(0, 1).toUpperCase(Locale.ROOT)
                    + call.operation().substring(1);
            String named = (use == LOOK ? "dax" : service(call)) + ":" + operation;
            if (!named.equals("dynamodb:TransactWriteItems")) {
                called.get(use).add(ACTIONS.getOrDefault(named, named));
            }
        }
        return called;
    }

    /** The prefix of a client's actions is its package; DynamoDB Streams' are DynamoDB's. */
    private static String service(Call call) {
        if (call.client().isEquivalentTo(TransactWriteItem.Builder.class)) {
            return "item";
        }
        if (call.client().getFullName().equals(QUEUE)) {
            return "sqs";
        }
        String[] names = call.client().getPackageName().split("\\.");
        assertThat(names).as(call.toString()).startsWith("software", "amazon", "awssdk", "services");
        return names[4];
    }

    private static List<Call> calls() {
        List<Call> calls = new ArrayList<>();
        for (JavaClass from : new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.flashstock")
                .that(not(resideInAPackage("dev.flashstock.local..")))) {
            Stream.<JavaAccess<?>>concat(
                            from.getMethodCallsFromSelf().stream(), from.getMethodReferencesFromSelf().stream())
                    .filter(PermissionsTest::isOfAws)
                    .map(PermissionsTest::call)
                    .filter(call -> !LOCAL.contains(call.operation()))
                    .forEach(calls::add);
        }
        return calls;
    }

    private static boolean isOfAws(JavaAccess<?> access) {
        JavaClass owner = access.getTargetOwner();
        return owner.isAssignableTo(SdkClient.class)
                || owner.isEquivalentTo(TransactWriteItem.Builder.class)
                || (owner.getFullName().equals(QUEUE)
                        && access.getName().equals("send")
                        && !access.getOriginOwner().equals(owner));
    }

    private static Call call(JavaAccess<?> access) {
        String from = access.getOriginOwner().getFullName().replaceFirst("\\$.*", "");
        return new Call(
                from.substring(from.lastIndexOf('.') + 1),
                access.getOrigin().getName(),
                access.getTargetOwner(),
                access.getName());
    }

    // What the policies allow

    private static Set<String> actions(JsonNode policy) {
        Set<String> actions = new TreeSet<>();
        policy.get("statement").forEach(statement -> actions.addAll(texts(statement.get("actions"))));
        return actions;
    }

    private static List<String> texts(JsonNode oneOrMore) {
        if (oneOrMore.isTextual()) {
            return List.of(oneOrMore.asText());
        }
        List<String> texts = new ArrayList<>();
        oneOrMore.forEach(it -> texts.add(it.asText()));
        return texts;
    }
}
