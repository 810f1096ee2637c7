package dev.flashstock;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import dev.flashstock.sharding.Layout;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.groups.UniAwait;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Arrays;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * The package table of the design. A rule that finds no class to check fails.
 *
 * <p>Amended here: {@code api} knows {@link Layout}, for the bounds of a new product's shards, and adapters know {@code
 * sharding}, because a listing has a layout; {@code redis} knows its client's answers, because a script's answer is none
 * of the data source's types; {@code identity} is the adapter to the identity provider; {@code dashboard}
 * shows what {@code api} tells, in the same streams; {@code dynamodb} records its calls in traces, of which only there is
 * known how they end.
 */
@AnalyzeClasses(packages = "dev.flashstock", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String[] PURE = {"java..", "org.jspecify.annotations"};

    /** What every adapter uses besides its SDK: reactive types, settings, the log. */
    private static final String[] ADAPTER_BASE = {
        "java..",
        "org.jspecify.annotations",
        "io.smallrye.mutiny..",
        "io.smallrye.config",
        "jakarta.validation.constraints",
        "io.quarkus.runtime.annotations",
        "org.jboss.logging"
    };

    private static final String STOCK = pkg("stock");
    private static final String SHARDING = pkg("sharding");
    private static final String HEAT = pkg("heat");
    private static final String INVENTORY = pkg("inventory");
    private static final String API = pkg("api");
    private static final String LOCAL = pkg("local");
    private static final String APP = pkg("app");

    // Pure packages and use cases

    @ArchTest
    static final ArchRule stockKnowsTheJdkOnly = onlyKnows("stock", PURE);

    @ArchTest
    static final ArchRule shardingKnowsStock = onlyKnows("sharding", PURE, STOCK);

    @ArchTest
    static final ArchRule heatKnowsStockAndSharding =
            onlyKnows("heat", PURE, STOCK, SHARDING, "org.apache.datasketches..");

    @ArchTest
    static final ArchRule inventoryKnowsWhatIsBelowAndMutiny = onlyKnows(
            "inventory",
            PURE,
            STOCK,
            SHARDING,
            HEAT,
            "javax.crypto..",
            "io.smallrye.mutiny..",
            "com.github.benmanes.caffeine.cache",
            "dev.failsafe..",
            "io.github.bucket4j..");

    @ArchTest
    static final ArchRule theDomainCarriesNoAnnotationsOfAFramework = noClasses()
            .that()
            .resideInAnyPackage(STOCK, SHARDING, INVENTORY)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.quarkus..",
                    "jakarta..",
                    "org.eclipse.microprofile..",
                    "io.smallrye.config..",
                    "com.fasterxml..");

    // Ways in

    @ArchTest
    static final ArchRule apiKnowsUseCasesAndOfShardingTheBoundsOnly =
            ofOursOnlyKnows("api", resideInAnyPackage(INVENTORY, HEAT, STOCK).or(assignableTo(Layout.class)));

    @ArchTest
    static final ArchRule dashboardKnowsUseCases =
            ofOursOnlyKnows("dashboard", resideInAnyPackage(API, INVENTORY, HEAT, STOCK));

    // Adapters: each knows the ports and its own SDK, and no other adapter

    @ArchTest
    static final ArchRule dynamodbKnowsThePortsAndItsSdk = adapterOnlyKnows(
            "dynamodb",
            "software.amazon.awssdk..",
            "software.amazon.dax",
            "io.opentelemetry..",
            "io.netty..",
            "com.github.benmanes.caffeine.cache");

    @ArchTest
    static final ArchRule sqsKnowsThePortsAndItsSdk =
            adapterOnlyKnows("sqs", "software.amazon.awssdk..", "com.fasterxml.jackson..", "javax.crypto..");

    @ArchTest
    static final ArchRule redisKnowsThePortsAndItsClient = adapterOnlyKnows(
            "redis",
            "io.quarkus.redis.datasource..",
            "io.vertx.mutiny.redis.client",
            "com.github.benmanes.caffeine.cache");

    @ArchTest
    static final ArchRule cloudwatchKnowsThePortsAndItsSdk = adapterOnlyKnows("cloudwatch", "software.amazon.awssdk..");

    @ArchTest
    static final ArchRule identityKnowsTheSecurityOfQuarkus = adapterOnlyKnows(
            "identity",
            "jakarta..",
            "org.hibernate.validator.constraints.time",
            "io.quarkus.security..",
            "io.quarkus.vertx.http.runtime.security",
            "io.vertx..",
            "io.smallrye.jwt..",
            "org.jose4j..");

    @ArchTest
    static final ArchRule sqsDoesNotKnowDynamoDb = noClasses()
            .that()
            .resideInAPackage(pkg("sqs"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("software.amazon.awssdk.services.dynamodb..", "io.quarkus.redis..");

    @ArchTest
    static final ArchRule dynamodbDoesNotKnowSqs = noClasses()
            .that()
            .resideInAPackage(pkg("dynamodb"))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("software.amazon.awssdk.services.sqs..", "io.quarkus.redis..");

    @ArchTest
    static final ArchRule theAwsSdkStaysInItsAdapters = noClasses()
            .that(not(resideInAnyPackage(pkg("dynamodb"), pkg("sqs"), pkg("cloudwatch"), APP, LOCAL)))
            .should()
            .dependOnClassesThat()
            .resideInAPackage("software.amazon..");

    // The edges of the application

    @ArchTest
    static final ArchRule nobodyKnowsLocal = noClasses()
            .that(not(resideInAPackage(LOCAL)))
            .should()
            .dependOnClassesThat()
            .resideInAPackage(LOCAL);

    @ArchTest
    static final ArchRule nobodyKnowsApp = noClasses()
            .that(not(resideInAPackage(APP)))
            .should()
            .dependOnClassesThat()
            .resideInAPackage(APP);

    @ArchTest
    static final ArchRule everyClassHasAPlaceInTheTable = classes()
            .should()
            .resideInAnyPackage(Stream.of(
                            "stock",
                            "sharding",
                            "heat",
                            "inventory",
                            "api",
                            "dashboard",
                            "dynamodb",
                            "sqs",
                            "redis",
                            "cloudwatch",
                            "identity",
                            "local",
                            "app")
                    .map(ArchitectureTest::pkg)
                    .toArray(String[]::new));

    // Habits

    @ArchTest
    static final ArchRule nothingWaitsForAnotherThread = noClasses()
            .that(not(resideInAnyPackage(APP, LOCAL)))
            .should()
            .accessTargetWhere(blocking())
            .because("it would block an event loop");

    /** These ask for the current request, which no continuation has (mp.context in application.properties). */
    @ArchTest
    static final ArchRule aLocationIsAHeader = noClasses()
            .should()
            .callMethod(Response.ResponseBuilder.class, "location", URI.class)
            .orShould()
            .callMethod(Response.ResponseBuilder.class, "contentLocation", URI.class)
            .orShould()
            .callMethod(Response.class, "created", URI.class)
            .orShould()
            .callMethod(Response.class, "seeOther", URI.class)
            .orShould()
            .callMethod(Response.class, "temporaryRedirect", URI.class);

    @ArchTest
    static final ArchRule nothingPrints = GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

    /** But what stands in the log's way: its interface is the JDK's. */
    @ArchTest
    static final ArchRule nothingUsesTheLogOfTheJdk = noClasses()
            .that()
            .haveNameNotMatching("dev\\.flashstock\\.app\\.OneLine(\\$.*)?")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.util.logging");

    private static String pkg(String name) {
        return "dev.flashstock." + name + "..";
    }

    private static ArchRule onlyKnows(String name, String[] some, String... more) {
        String[] known = Stream.of(Stream.of(pkg(name)), Arrays.stream(some), Arrays.stream(more))
                .flatMap(it -> it)
                .toArray(String[]::new);
        return classes()
                .that()
                .resideInAPackage(pkg(name))
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage(known).or(arraysOfPrimitives()));
    }

    private static ArchRule adapterOnlyKnows(String name, String... sdk) {
        String[] ports = {INVENTORY, STOCK, SHARDING, HEAT};
        return onlyKnows(
                name,
                ADAPTER_BASE,
                Stream.concat(Arrays.stream(ports), Arrays.stream(sdk)).toArray(String[]::new));
    }

    private static ArchRule ofOursOnlyKnows(String name, DescribedPredicate<JavaClass> allowed) {
        return classes()
                .that()
                .resideInAPackage(pkg(name))
                .should()
                .onlyDependOnClassesThat(resideInAPackage(pkg(name))
                        .or(not(resideInAPackage("dev.flashstock..")))
                        .or(allowed)
                        .as(
                                "reside in dev.flashstock.%s, outside dev.flashstock, or %s",
                                name, allowed.getDescription()));
    }

    private static DescribedPredicate<JavaClass> arraysOfPrimitives() {
        return describe("are primitive", it -> it.getBaseComponentType().isPrimitive());
    }

    /** {@code Uni.join()} is not among them: it combines. */
    private static DescribedPredicate<JavaAccess<?>> blocking() {
        DescribedPredicate<AccessTarget> awaits = target(Uni.class, "await(UsingExecutor)?")
                .or(target(UniAwait.class, "indefinitely|atMost"))
                .or(target(Multi.class, "toIterable|toStream"))
                .or(target(Future.class, "join|get"))
                .or(target(Thread.class, "join|sleep"))
                .or(target(Object.class, "wait"));
        return describe("the target waits", access -> awaits.test(access.getTarget()));
    }

    private static DescribedPredicate<AccessTarget> target(Class<?> type, String names) {
        return owner(assignableTo(type))
                .<AccessTarget>forSubtype()
                .and(nameMatching(names).forSubtype());
    }
}
