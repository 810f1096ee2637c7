package dev.flashstock.dynamodb;

import dev.flashstock.heat.Heat;
import dev.flashstock.heat.Throttle;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/**
 * Counts the heat of a table's keys as its client asks for them. Units are estimated: by the size of what is read or put
 * alone; anything else of flashstock's is small.
 *
 * <p>Each attempt is asked for; what DynamoDB has carried out has drawn units, also where a condition did not hold; what it
 * has refused or what did not come through has not.
 */
public final class HeatInterceptor implements ExecutionInterceptor {
    private final Heat heat;
    private final String table;

    /**
     * Counts.
     *
     * @param heat where
     * @param table of which table
     */
    public HeatInterceptor(Heat heat, String table) {
        this.heat = heat;
        this.table = table;
    }

    @Override
    public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
        for (Touch touch : Touches.of(context.request(), table)) {
            heat.asked(touch.key());
        }
    }

    @Override
    public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
        SdkResponse response = context.response();
        List<Touch> touches = Touches.of(context.request(), table);
        if (response instanceof BatchGetItemResponse batch && batch.hasUnprocessedKeys()) {
            draw(batch, touches);
        } else if (response instanceof GetItemResponse get) {
            touches.forEach(it -> it.draw(ItemBytes.of(get.item()), heat));
        } else if (response instanceof QueryResponse query) {
            touches.forEach(it -> it.draw(ItemBytes.of(query.items()), heat));
        } else {
            draw(context.request(), touches);
        }
    }

    private void draw(BatchGetItemResponse batch, List<Touch> touches) {
        List<Map<String, AttributeValue>> unprocessed = batch.unprocessedKeys().containsKey(table)
                ? batch.unprocessedKeys().get(table).keys()
                : List.of();
        Set<String> leftOut =
                unprocessed.stream().map(it -> Items.string(it, Schema.PK)).collect(Collectors.toSet());
        for (Touch touch : touches) {
            if (leftOut.contains(touch.key().value())) {
                heat.leftOut(touch.key());
            } else {
                touch.draw(0, heat);
            }
        }
    }

    private void draw(SdkRequest request, List<Touch> touches) {
        for (Touch touch : touches) {
            touch.draw(written(request, touch.entry()), heat);
        }
    }

    private static long written(SdkRequest request, int entry) {
        if (request instanceof PutItemRequest put) {
            return ItemBytes.of(put.item());
        }
        return request instanceof TransactWriteItemsRequest transaction
                        && transaction.transactItems().get(entry).put() != null
                ? ItemBytes.of(transaction.transactItems().get(entry).put().item())
                : 0;
    }

    @Override
    public void onExecutionFailure(Context.FailedExecution context, ExecutionAttributes attributes) {
        List<Touch> touches = Touches.of(context.request(), table);
        Throwable failure = context.exception();
        if (failure instanceof TransactionCanceledException cancelled && cancelled.hasCancellationReasons()) {
            cancelled(context.request(), touches, cancelled.cancellationReasons());
        } else if (failure instanceof ConditionalCheckFailedException) {
            draw(context.request(), touches);
        } else {
            List<Throttle> throttles = Throttles.of(failure);
            touches.forEach(touch -> throttles.forEach(it -> refuse(touch, it)));
        }
    }

    /** Units are drawn for conditions that do not hold, and not where anything else was in the way. */
    private void cancelled(SdkRequest request, List<Touch> touches, List<CancellationReason> reasons) {
        if (reasons.stream().allMatch(it -> Calls.NONE.equals(it.code()) || Calls.isConditionFailed(it))) {
            draw(request, touches);
            return;
        }
        for (Touch touch : touches) {
            if (touch.entry() < reasons.size()) {
                Throttles.ofPart(reasons.get(touch.entry()), touch.access()).ifPresent(it -> refuse(touch, it));
            }
        }
    }

    /** Of reads and writes, of the table and its index, what the throttle tells of. */
    private void refuse(Touch touch, Throttle throttle) {
        boolean sameAccess = throttle.access() == null || throttle.access() == touch.access();
        boolean samePlace = (throttle.index() == null) == (touch.key().index() == null);
        if (sameAccess && samePlace) {
            heat.refused(touch.key(), throttle);
        }
    }
}
