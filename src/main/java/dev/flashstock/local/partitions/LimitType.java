package dev.flashstock.local.partitions;

/** Which limit was exceeded: the last part of a throttling reason. */
enum LimitType {
    KEY_RANGE("KeyRangeThroughputExceeded"),
    PROVISIONED("ProvisionedThroughputExceeded"),
    ACCOUNT("AccountLimitExceeded"),
    MAX_ON_DEMAND("MaxOnDemandThroughputExceeded");

    private final String word;

    LimitType(String word) {
        this.word = word;
    }

    String word() {
        return word;
    }
}
