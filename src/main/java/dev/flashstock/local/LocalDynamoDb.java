package dev.flashstock.local;

import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBRequestHandler;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBServerHandler;

/**
 * DynamoDB Local in memory, one database for all credentials and regions.
 *
 * <p>Its handler is mounted on a Jetty of our own: its own server reports telemetry and listens on every interface.
 */
final class LocalDynamoDb {
    private LocalDynamoDb() {}

    static String start() {
        ClassLoader loader = LocalDynamoDBServerHandler.class.getClassLoader();
        Thread.currentThread().setContextClassLoader(loader);
        QueuedThreadPool threads = new QueuedThreadPool();
        threads.setName("dynamodb-local");
        threads.setDaemon(true);
        Server server = new Server(threads);
        ServerConnector connector = new ServerConnector(server, 1, 1);
        connector.setHost(LocalBackends.LOOPBACK);
        connector.setPort(0);
        server.addConnector(connector);
        try {
            server.setHandler(new LocalDynamoDBServerHandler(inMemory(), null));
            server.start();
        } catch (Exception e) { // Jetty declares no narrower type
            throw new IllegalStateException("DynamoDB Local failed (" + e + ")", e);
        } catch (UnsatisfiedLinkError e) {
            throw new IllegalStateException(
                    "DynamoDB Local has no SQLite library for %s on %s"
                            .formatted(System.getProperty("os.name"), System.getProperty("os.arch")),
                    e);
        }
        return "http://" + LocalBackends.LOOPBACK + ":" + connector.getLocalPort();
    }

    private static LocalDynamoDBRequestHandler inMemory() {
        boolean inMemory = true;
        boolean sharedDb = true;
        boolean delayTransientStatuses = false;
        return new LocalDynamoDBRequestHandler(0, inMemory, null, sharedDb, delayTransientStatuses);
    }
}
