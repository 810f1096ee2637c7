package dev.flashstock.heat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flashstock.heat.Throttle.Access;
import dev.flashstock.heat.Throttle.Limit;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ThrottleTest {
    private static final String TABLE = "arn:aws:dynamodb:eu-central-1:123456789012:table/flashstock";

    @ParameterizedTest
    @CsvSource({
        "TableReadKeyRangeThroughputExceeded, KEY_RANGE, READ, 3000, Remember what is read",
        "TableWriteKeyRangeThroughputExceeded, KEY_RANGE, WRITE, 1000, more shards",
        "TableReadProvisionedThroughputExceeded, PROVISIONED, READ, provisioned, on-demand",
        "TableWriteProvisionedThroughputExceeded, PROVISIONED, WRITE, provisioned, on-demand",
        "TableReadAccountLimitExceeded, ACCOUNT, READ, quota, Service Quotas",
        "TableWriteAccountLimitExceeded, ACCOUNT, WRITE, quota, Service Quotas",
        "TableReadMaxOnDemandThroughputExceeded, MAX_ON_DEMAND, READ, maximum, Raise the maximum",
        "TableWriteMaxOnDemandThroughputExceeded, MAX_ON_DEMAND, WRITE, maximum, Raise the maximum",
    })
    void eachReasonOfATableHasItsVerdictAndItsRemedy(
            String code, Limit limit, Access access, String verdict, String remedy) {
        // When
        Throttle throttle = Throttle.of(code, TABLE).orElseThrow();

        // Then
        assertThat(throttle).isEqualTo(new Throttle(limit, access, "flashstock", null));
        assertThat(throttle.code()).isEqualTo(code);
        assertThat(throttle.verdict()).contains(verdict, "the table flashstock", access.word());
        assertThat(throttle.remedy()).contains(remedy);
    }

    @ParameterizedTest
    @CsvSource({
        "IndexReadKeyRangeThroughputExceeded, KEY_RANGE, READ, 3000, Remember what is read",
        "IndexWriteKeyRangeThroughputExceeded, KEY_RANGE, WRITE, 1000, refused too",
        "IndexReadProvisionedThroughputExceeded, PROVISIONED, READ, provisioned, on-demand",
        "IndexWriteProvisionedThroughputExceeded, PROVISIONED, WRITE, provisioned, refused too",
        "IndexReadAccountLimitExceeded, ACCOUNT, READ, quota, Service Quotas",
        "IndexWriteAccountLimitExceeded, ACCOUNT, WRITE, quota, Service Quotas",
        "IndexReadMaxOnDemandThroughputExceeded, MAX_ON_DEMAND, READ, maximum, Raise the maximum",
        "IndexWriteMaxOnDemandThroughputExceeded, MAX_ON_DEMAND, WRITE, maximum, Raise the maximum",
    })
    void eachReasonOfAnIndexHasItsVerdictAndItsRemedy(
            String code, Limit limit, Access access, String verdict, String remedy) {
        // When
        Throttle throttle = Throttle.of(code, TABLE + "/index/ByStatus").orElseThrow();

        // Then
        assertThat(throttle).isEqualTo(new Throttle(limit, access, "flashstock", "ByStatus"));
        assertThat(throttle.code()).isEqualTo(code);
        assertThat(throttle.verdict()).contains(verdict, "the index ByStatus of the table flashstock");
        assertThat(throttle.remedy()).contains(remedy);
    }

    @Test
    void moreCapacityIsNoRemedyForAHotPartition() {
        // When
        String remedy = Throttle.of("TableWriteKeyRangeThroughputExceeded", TABLE)
                .orElseThrow()
                .remedy();

        // Then
        assertThat(remedy).contains("on-demand, does not help");
    }

    @Test
    void aReasonWithoutAResourceIsUnderstood() {
        // Then
        assertThat(Throttle.of("TableWriteAccountLimitExceeded", null))
                .hasValue(new Throttle(Limit.ACCOUNT, Access.WRITE, "", null));
        assertThat(Throttle.of("IndexWriteAccountLimitExceeded", "arn of something else"))
                .hasValue(new Throttle(Limit.ACCOUNT, Access.WRITE, "", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Table", "TableWrite", "StreamReadKeyRangeThroughputExceeded", "tablewritekeyrange"})
    void whatIsNoReasonIsNone(String code) {
        // Then
        assertThat(Throttle.of(code, TABLE)).isEmpty();
        assertThat(Throttle.of(null, TABLE)).isEqualTo(Optional.empty());
    }

    @Test
    void whatDoesNotNameItsTableIsOfTheOneThatIsMeant() {
        // Given
        TableName own = new TableName("flashstock");
        Throttle unnamed = new Throttle(Throttle.Limit.KEY_RANGE, Throttle.Access.WRITE, "", "ByStatus");
        Throttle another = new Throttle(Throttle.Limit.KEY_RANGE, Throttle.Access.WRITE, "another", null);

        // Then
        assertThat(unnamed.orOf(own))
                .isEqualTo(new Throttle(Throttle.Limit.KEY_RANGE, Throttle.Access.WRITE, "flashstock", "ByStatus"));
        assertThat(another.orOf(own)).isEqualTo(another);
    }

    @ParameterizedTest
    @CsvSource({
        "TableReadKeyRangeThroughputExceeded, ReadKeyRangeThroughputThrottleEvents",
        "TableWriteKeyRangeThroughputExceeded, WriteKeyRangeThroughputThrottleEvents",
        "IndexWriteProvisionedThroughputExceeded, WriteProvisionedThroughputThrottleEvents",
        "TableReadAccountLimitExceeded, ReadAccountLimitThrottleEvents",
        "TableWriteMaxOnDemandThroughputExceeded, WriteMaxOnDemandThroughputThrottleEvents",
    })
    void cloudWatchCountsItUnderAName(String reason, String metric) {
        assertThat(Throttle.of(reason, null).map(Throttle::metric)).contains(metric);
    }
}
