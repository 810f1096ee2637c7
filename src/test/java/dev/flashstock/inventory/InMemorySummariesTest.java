package dev.flashstock.inventory;

class InMemorySummariesTest extends SummaryTableContract {
    @Override
    protected SummaryTable table() {
        return new InMemorySummaries();
    }
}
