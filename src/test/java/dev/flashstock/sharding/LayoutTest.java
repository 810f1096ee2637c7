package dev.flashstock.sharding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LayoutTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 10, 256})
    void aNewSkuReadsWhatItWrites(int shards) {
        // When
        Layout layout = Layout.of(shards);

        // Then
        assertThat(layout).isEqualTo(new Layout(shards, shards, 1));
    }

    @ParameterizedTest
    @CsvSource({"1,256", "10,11", "256,256"})
    void readersMayReadMoreThanWritersWrite(int writeShards, int readShards) {
        // When
        Layout layout = new Layout(writeShards, readShards, 3);

        // Then
        assertThat(layout.readShards()).isEqualTo(readShards);
    }

    @ParameterizedTest
    @CsvSource({"0,0", "0,1", "-1,1", "11,10", "257,257", "1,257", "1,0"})
    void countsOutOfBoundsAreRefused(int writeShards, int readShards) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Layout(writeShards, readShards, 1));
    }
}
