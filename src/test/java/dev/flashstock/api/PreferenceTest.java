package dev.flashstock.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreferenceTest {
    private static final Duration LONGEST = Duration.ofSeconds(20);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "wait=2                              | 2",
                "Wait=2                              | 2",
                "WAIT = 2                            | 2",
                "wait=\"2\"                          | 2",
                "wait=02                             | 2",
                "respond-async, wait=2               | 2",
                "wait=2, respond-async               | 2",
                "return=minimal; foo=\"bar\", wait=2 | 2",
                "wait=2; foo=bar                     | 2",
                "wait=2, wait=9                      | 2",
                "foo=\"a;b\", wait=2                 | 2",
                "wait=20                             | 20",
                "wait=21                             | 20",
                "wait=999999999                      | 20",
                "wait=0                              | 0",
                "respond-async                       | 0",
                "wait                                | 0",
                "wait=                               | 0",
                "wait=soon                           | 0",
                "wait=-1                             | 0",
                "wait=1.5                            | 0",
                "wait=2s                             | 0",
                "wait=9999999999                     | 0",
                "awaits=2                            | 0",
                "foo; wait=2                         | 0",
                "foo=\"wait=2\"                      | 0",
                "foo=\"a, wait=2\"                   | 0",
                "foo=\"a, wait=2, b\"                | 0",
                "foo=\"a \\\" , wait=2, b\"          | 0",
                "``                                  | 0",
                ",,;=                                | 0"
            })
    void aHeaderSaysHowLongItsCallerWaits(String header, int seconds) {
        // When
        Preference preference = Preference.of(List.of(header), LONGEST);

        // Then
        assertThat(preference.patience()).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void withoutAHeaderNobodyWaits() {
        // When
        Preference preference = Preference.of(null, LONGEST);

        // Then
        assertThat(preference.patience()).isZero();
        assertThat(preference.applied()).isEmpty();
    }

    @Test
    void severalHeadersAreOneList() {
        // When
        Preference preference = Preference.of(List.of("respond-async", "foo, wait=3", "wait=4"), LONGEST);

        // Then
        assertThat(preference.patience()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void whatWasAppliedSaysTheTimeThatCounts() {
        // When
        Preference preference = Preference.of(List.of("wait=60"), LONGEST);

        // Then
        assertThat(preference.applied()).contains("wait=20");
    }
}
