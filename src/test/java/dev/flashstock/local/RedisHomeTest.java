package dev.flashstock.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.embedded.core.ExecutableProvider;

class RedisHomeTest {
    private RedisHome home;
    private String binary;
    private Process redis;

    @BeforeEach
    void startRedis() throws IOException {
        home = RedisHome.create();
        binary = ExecutableProvider.newJarResourceProvider(home.directory().toFile())
                .get()
                .getPath();
        String socket = home.directory().resolve("socket").toString();
        redis = new ProcessBuilder(binary, "--port", "0", "--unixsocket", socket)
                .redirectErrorStream(true)
                .redirectOutput(home.log().toFile())
                .start();
    }

    @AfterEach
    void stopRedis() throws InterruptedException {
        redis.destroyForcibly().waitFor();
        home.delete();
    }

    @Test
    void theRedisOfAJvmThatIsGoneIsEnded() throws Exception {
        // Given
        Process gone = new ProcessBuilder(binary, "--version").start();
        gone.waitFor();
        Files.writeString(home.owner(), gone.pid() + " " + System.currentTimeMillis());

        // When
        home.endOrphans();

        // Then
        assertThat(redis.waitFor(5, TimeUnit.SECONDS)).isTrue();
        assertThat(home.directory()).doesNotExist();
    }

    @Test
    void aProcessIdThatCameBackForAnotherProcessIsNotTheOwner() throws Exception {
        // Given
        Files.writeString(home.owner(), ProcessHandle.current().pid() + " 0");

        // When
        home.endOrphans();

        // Then
        assertThat(redis.waitFor(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void theRedisOfALivingJvmIsLeftAlone() throws Exception {
        // When
        home.endOrphans();

        // Then
        assertThat(redis.waitFor(200, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(home.directory()).exists();
    }
}
