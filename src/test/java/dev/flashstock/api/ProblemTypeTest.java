package dev.flashstock.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ProblemTypeTest {
    @Test
    void everyTypeHasAUriOfItsOwn() {
        // When
        List<URI> uris =
                Arrays.stream(ProblemType.values()).map(ProblemType::uri).toList();

        // Then
        assertThat(uris).doesNotHaveDuplicates();
    }

    @Test
    void aTurkishMachineSaysTheSameUris() {
        // Given
        Locale before = Locale.getDefault();
        Locale.setDefault(new Locale("tr"));

        // When
        URI uri;
        try {
            uri = ProblemType.INVALID_REQUEST.uri();
        } finally {
            Locale.setDefault(before);
        }

        // Then
        assertThat(uri).hasToString("https://flashstock.dev/problems/invalid-request");
    }

    @ParameterizedTest
    @EnumSource
    void everyTypeIsExplained(ProblemType type) throws IOException {
        // Given
        String name = type.uri().getPath().replace("/problems/", "");

        // When
        String document = Files.readString(Path.of("docs/problems.md"));

        // Then
        assertThat(document)
                .contains("## " + name + "\n`" + type.uri() + "` · " + type.status() + " · " + type.title() + "\n\n");
    }

    @ParameterizedTest
    @EnumSource
    void aTypeIsAnErrorWithATitle(ProblemType type) {
        // When
        int status = type.status();

        // Then
        assertThat(status).isBetween(400, 599);
        assertThat(type.title()).isNotBlank();
    }
}
