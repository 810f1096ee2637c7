package dev.flashstock.dynamodb;

import dev.flashstock.inventory.SummaryTable;
import dev.flashstock.inventory.SummaryTableContract;
import java.time.InstantSource;

class DynamoDbSummariesTest extends SummaryTableContract {
    @Override
    protected SummaryTable table() {
        TableOnAWire table = TableOnAWire.SHARED;
        table.client()
                .deleteItem(request -> request.tableName(table.table()).key(Schema.summaryLease()))
                .join();
        return new DynamoDbSummaries(table.client(), table.table(), InstantSource.system());
    }
}
