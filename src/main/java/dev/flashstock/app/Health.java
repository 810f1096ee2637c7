package dev.flashstock.app;

import dev.flashstock.dynamodb.DynamoDbSetup;
import dev.flashstock.sqs.SqsSetup;
import io.smallrye.health.api.AsyncHealthCheck;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready means that the table and the queue answer. Without Redis flashstock is slower and does its work all the same. */
final class Health {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    @Produces
    @Singleton
    @Readiness
    AsyncHealthCheck table(DynamoDbSetup table) {
        return () -> answer("table", table.ping());
    }

    @Produces
    @Singleton
    @Readiness
    AsyncHealthCheck queue(SqsSetup queue) {
        return () -> answer("queue", queue.ping());
    }

    @Produces
    @Singleton
    @org.eclipse.microprofile.health.Startup
    HealthCheck started(Startup startup) {
        return () ->
                HealthCheckResponse.named("started").status(startup.started()).build();
    }

    private static Uni<HealthCheckResponse> answer(String name, Uni<Void> ping) {
        return ping.map(answered -> HealthCheckResponse.up(name))
                .ifNoItem()
                .after(PATIENCE)
                .fail()
                .onFailure()
                .recoverWithItem(e -> HealthCheckResponse.named(name)
                        .down()
                        .withData("error", String.valueOf(e.getMessage()))
                        .build());
    }
}
