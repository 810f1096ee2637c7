package dev.flashstock.dynamodb;

import dev.flashstock.heat.Insights;
import dev.flashstock.heat.Quotas;
import dev.flashstock.heat.TableFix;
import dev.flashstock.heat.TableName;
import dev.flashstock.heat.TableState;
import dev.flashstock.heat.TableState.Mode;
import dev.flashstock.heat.TableState.Units;
import dev.flashstock.inventory.Tables;
import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Refusal;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.BillingModeSummary;
import software.amazon.awssdk.services.dynamodb.model.ContributorInsightsAction;
import software.amazon.awssdk.services.dynamodb.model.ContributorInsightsMode;
import software.amazon.awssdk.services.dynamodb.model.DescribeContributorInsightsResponse;
import software.amazon.awssdk.services.dynamodb.model.DescribeLimitsResponse;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableResponse;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.LimitExceededException;
import software.amazon.awssdk.services.dynamodb.model.OnDemandThroughput;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputDescription;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.UpdateTableRequest;

/** {@link Tables} as DynamoDB describes and changes them. */
public final class DynamoDbTables implements Tables {
    private static final String DESCRIBE_TABLE = "dynamodb:DescribeTable";
    private static final String UPDATE_TABLE = "dynamodb:UpdateTable";
    private static final Set<String> DENIED = Set.of("AccessDeniedException", "AccessDenied");
    private static final Set<String> UNKNOWN = Set.of("UnknownOperationException", "UnknownOperation");
    private static final String INVALID = "ValidationException";

    private final DynamoDbAsyncClient client;

    /**
     * Uses a client.
     *
     * @param client the SDK's client
     */
    public DynamoDbTables(DynamoDbAsyncClient client) {
        this.client = client;
    }

    @Override
    public Uni<Outcome<TableState>> describe(TableName table) {
        return ask(
                DESCRIBE_TABLE,
                table,
                () -> client.describeTable(request -> request.tableName(table.value())),
                DynamoDbTables::state);
    }

    @Override
    public Uni<Outcome<Insights>> insights(TableName table, @Nullable String index) {
        return ask(
                "dynamodb:DescribeContributorInsights",
                table,
                () -> client.describeContributorInsights(
                        request -> request.tableName(table.value()).indexName(index)),
                DynamoDbTables::insights);
    }

    @Override
    public Uni<Outcome<Quotas>> quotas() {
        return Calls.call(client::describeLimits)
                .map(it -> Outcome.done(quotas(it)))
                .onFailure(
                        failure -> refusal("dynamodb:DescribeLimits", failure).isPresent())
                .recoverWithItem(failure -> Outcome.refused(
                        refusal("dynamodb:DescribeLimits", failure).orElseThrow()));
    }

    private static <S, T> Uni<Outcome<T>> ask(
            String action, TableName table, Supplier<CompletionStage<S>> call, Function<S, T> read) {
        return Calls.call(call)
                .map(it -> Outcome.done(read.apply(it)))
                .onFailure(failure -> refusal(action, table, failure).isPresent())
                .recoverWithItem(failure ->
                        Outcome.refused(refusal(action, table, failure).orElseThrow()));
    }

    @Override
    public Uni<Optional<Refusal>> change(TableState table, TableFix.OfTable fix) {
        UpdateTableRequest.Builder request =
                UpdateTableRequest.builder().tableName(table.table().value());
        if (fix instanceof TableFix.Warm warm) {
            Units units = warm.raised(table.warm());
            request.warmThroughput(it -> it.readUnitsPerSecond(units.reads()).writeUnitsPerSecond(units.writes()));
        } else {
            request.billingMode(BillingMode.PAY_PER_REQUEST);
        }
        return changed(UPDATE_TABLE, table.table(), () -> client.updateTable(request.build()))
                .map(outcome -> outcome.fold(response -> Optional.empty(), Optional::of));
    }

    @Override
    public Uni<Optional<Refusal>> nameThrottledKeys(TableName table) {
        return changed(
                        "dynamodb:UpdateContributorInsights",
                        table,
                        () -> client.updateContributorInsights(request -> request.tableName(table.value())
                                .contributorInsightsAction(ContributorInsightsAction.ENABLE)
                                .contributorInsightsMode(ContributorInsightsMode.THROTTLED_KEYS)))
                .map(outcome -> outcome.fold(response -> Optional.empty(), Optional::of));
    }

    private static <S> Uni<Outcome<S>> changed(String action, TableName table, Supplier<CompletionStage<S>> call) {
        return ask(action, table, call, it -> it);
    }

    // What DynamoDB refuses

    private static Optional<Refusal> refusal(String action, TableName table, Throwable failure) {
        if (failure instanceof ResourceNotFoundException) {
            return Optional.of(new Refusal.UnknownTable(table.value()));
        }
        if (failure instanceof ResourceInUseException) {
            return Optional.of(new Refusal.TableBusy(table.value(), "UPDATING"));
        }
        if (failure instanceof LimitExceededException e) {
            return Optional.of(new Refusal.TableChangeLimited(table.value(), said(e)));
        }
        if (failure instanceof DynamoDbException e && INVALID.equals(code(e))) {
            return Optional.of(new Refusal.TableChangeRefused(table.value(), said(e)));
        }
        return refusal(action, failure);
    }

    private static Optional<Refusal> refusal(String action, Throwable failure) {
        if (failure instanceof DynamoDbException e) {
            if (DENIED.contains(code(e))) {
                return Optional.of(new Refusal.ActionNotAllowed(action));
            }
            if (UNKNOWN.contains(code(e))) {
                return Optional.of(new Refusal.ActionNotSupported(action));
            }
        }
        return Optional.empty();
    }

    private static String code(AwsServiceException e) {
        return e.awsErrorDetails() == null
                ? ""
                : String.valueOf(e.awsErrorDetails().errorCode());
    }

    private static String said(AwsServiceException e) {
        String said = e.awsErrorDetails() == null
                ? e.getMessage()
                : e.awsErrorDetails().errorMessage();
        return said == null ? code(e) : said;
    }

    // What DynamoDB tells

    private static TableState state(DescribeTableResponse response) {
        TableDescription it = response.table();
        BillingModeSummary billing = it.billingModeSummary();
        boolean onDemand = billing != null && billing.billingMode() == BillingMode.PAY_PER_REQUEST;
        Instant since = billing == null ? null : billing.lastUpdateToPayPerRequestDateTime();
        return new TableState(
                new TableName(it.tableName()),
                it.tableStatusAsString(),
                onDemand ? Mode.ON_DEMAND : Mode.PROVISIONED,
                onDemand ? Units.NONE : provisioned(it.provisionedThroughput()),
                most(it.onDemandThroughput()),
                it.warmThroughput() == null
                        ? Units.NONE
                        : new Units(
                                it.warmThroughput().readUnitsPerSecond(),
                                it.warmThroughput().writeUnitsPerSecond()),
                since,
                it.globalSecondaryIndexes().stream()
                        .limit(TableState.MOST_INDEXES)
                        .map(index -> index(index, onDemand))
                        .toList());
    }

    private static TableState.Index index(GlobalSecondaryIndexDescription it, boolean onDemand) {
        return new TableState.Index(
                it.indexName(),
                it.indexStatusAsString(),
                onDemand ? Units.NONE : provisioned(it.provisionedThroughput()),
                most(it.onDemandThroughput()),
                it.warmThroughput() == null
                        ? Units.NONE
                        : new Units(
                                it.warmThroughput().readUnitsPerSecond(),
                                it.warmThroughput().writeUnitsPerSecond()));
    }

    private static Units provisioned(@Nullable ProvisionedThroughputDescription it) {
        return it == null ? Units.NONE : new Units(it.readCapacityUnits(), it.writeCapacityUnits());
    }

    private static Units most(@Nullable OnDemandThroughput it) {
        return it == null ? Units.NONE : new Units(limit(it.maxReadRequestUnits()), limit(it.maxWriteRequestUnits()));
    }

    /** DynamoDB spells "no maximum" as -1. */
    private static @Nullable Long limit(@Nullable Long units) {
        return units == null || units < 0 ? null : units;
    }

    private static Insights insights(DescribeContributorInsightsResponse it) {
        return new Insights(
                it.contributorInsightsStatusAsString(),
                it.contributorInsightsModeAsString(),
                it.contributorInsightsRuleList());
    }

    private static Quotas quotas(DescribeLimitsResponse it) {
        return new Quotas(it.tableMaxReadCapacityUnits(), it.tableMaxWriteCapacityUnits());
    }
}
