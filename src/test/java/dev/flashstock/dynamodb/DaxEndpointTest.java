package dev.flashstock.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DaxEndpointTest {
    @ParameterizedTest
    @ValueSource(strings = {"dax://cluster.example", "daxs://cluster.example:9111", "dax://10.0.0.7:8111"})
    void theseAreEndpoints(String text) {
        assertThat(DaxCluster.endpoint(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "cluster",
                "cluster:8111",
                "http://cluster:8111",
                "dax://",
                "dax://a b",
                "dax://h/x",
                "dax://u@h"
            })
    void theseAreNot(String text) {
        assertThatThrownBy(() -> DaxCluster.endpoint(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("dax://host or daxs://host");
    }
}
