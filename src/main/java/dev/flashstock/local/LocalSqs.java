package dev.flashstock.local;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.Map;
import org.apache.pekko.actor.ActorSystem;
import org.elasticmq.rest.sqs.SQSRestServer;
import org.elasticmq.rest.sqs.SQSRestServerBuilder;

/** ElasticMQ in memory; its queue URLs name the address and port that it really listens on. */
final class LocalSqs {
    private LocalSqs() {}

    static String start() {
        ClassLoader loader = SQSRestServerBuilder.class.getClassLoader();
        Thread.currentThread().setContextClassLoader(loader);
        ActorSystem actors = ActorSystem.create("elasticmq", config(loader), loader);
        SQSRestServer server = SQSRestServerBuilder.withActorSystem(actors)
                .withInterface(LocalBackends.LOOPBACK)
                .withDynamicPort()
                .withAWSRegion(LocalBackends.REGION)
                .start();
        return "http://" + LocalBackends.LOOPBACK + ":"
                + server.waitUntilStarted().localAddress().getPort();
    }

    /** Daemon threads, and no shutdown hook that would race with the application's last requests. */
    private static Config config(ClassLoader loader) {
        Map<String, Object> settings = Map.of(
                "pekko.daemonic",
                true,
                "pekko.jvm-shutdown-hooks",
                false,
                "pekko.coordinated-shutdown.run-by-jvm-shutdown-hook",
                false,
                "pekko.loglevel",
                "WARNING",
                "pekko.stdout-loglevel",
                "WARNING",
                "pekko.http.server.server-header",
                "");
        return ConfigFactory.parseMap(settings).withFallback(ConfigFactory.load(loader));
    }
}
