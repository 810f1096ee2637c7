package dev.flashstock.dynamodb;

import dev.flashstock.inventory.Unavailable;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.infrastructure.Infrastructure;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.dax.ClusterDaxAsyncClient;
import software.amazon.dax.Configuration;

/**
 * The connection to a DAX cluster. It is made in the background, because making it takes as long as the cluster does to
 * tell its nodes; a cluster that does not answer then is asked again every few seconds.
 */
public final class DaxCluster implements AutoCloseable {
    /** How many threads speak with the cluster. */
    static final int THREADS = 2;
    /** How many connections there are to a node, and requests under way: each has one for itself. */
    static final int CONNECTIONS = 100;
    /** How many requests wait for a connection. */
    static final int WAITING = 1_000;

    static final String THREAD_NAME = "dax";

    private static final Logger LOG = Logger.getLogger(DaxCluster.class);
    private static final int DISCOVERY_MILLIS = 2_000;
    /** In which the connections' last words are heard. */
    private static final int QUIET_MILLIS = 200;

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final URI endpoint;
    private final Duration timeout;
    private final Region region;
    private final AwsCredentialsProvider credentials;
    private final EventLoopGroup threads;

    private volatile @Nullable ClusterDaxAsyncClient client;
    private volatile boolean closed;

    /**
     * Does not connect yet.
     *
     * @param endpoint where, as {@link #endpoint} has it
     * @param timeout how long an answer is waited for
     * @param region the cluster's region
     * @param credentials who asks
     */
    public DaxCluster(URI endpoint, Duration timeout, Region region, AwsCredentialsProvider credentials) {
        this.endpoint = endpoint;
        this.timeout = timeout;
        this.region = region;
        this.credentials = credentials;
        this.threads = new NioEventLoopGroup(THREADS, new DefaultThreadFactory(THREAD_NAME, true));
    }

    /**
     * Checks an endpoint.
     *
     * @param text as it is set
     * @return the endpoint
     * @throws IllegalArgumentException when it is none; its message says what one looks like
     */
    public static URI endpoint(String text) {
        try {
            URI uri = URI.create(text);
            boolean isDax = "dax".equals(uri.getScheme()) || "daxs".equals(uri.getScheme());
            boolean hasMore = uri.getUserInfo() != null || uri.getQuery() != null || uri.getFragment() != null;
            if (isDax && !hasMore && uri.getHost() != null && uri.getPath().isEmpty()) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // Said below, as for all that is none.
        }
        throw new IllegalArgumentException(
                "An endpoint is dax://host or daxs://host, perhaps with a port, and not '" + text + "'");
    }

    /** Begins to connect; once only. */
    public void start() {
        Uni.createFrom()
                .item(this::connect)
                .runSubscriptionOn(Infrastructure.getDefaultWorkerPool())
                .onFailure()
                .invoke(failure -> LOG.warnf("No connection to DAX, trying again error=%s", failure))
                .onFailure(failure -> !closed)
                .retry()
                .withBackOff(FIRST_PAUSE, LONGEST_PAUSE)
                .indefinitely()
                .subscribe()
                .with(this::connected, ended -> {});
    }

    private ClusterDaxAsyncClient connect() {
        int millis = (int) timeout.toMillis();
        Configuration configuration = Configuration.builder()
                .url(endpoint.toString())
                .region(region)
                .credentialsProvider(credentials)
                .eventLoopGroup(threads)
                .maxConcurrency(CONNECTIONS)
                .maxPendingConnectionAcquires(WAITING)
                .endpointRefreshTimeoutMillis(DISCOVERY_MILLIS)
                .connectTimeoutMillis(millis)
                .requestTimeoutMillis(millis)
                .readRetries(0) // the table is the second try
                .build();
        try {
            return ClusterDaxAsyncClient.builder()
                    .overrideConfiguration(configuration)
                    .build();
        } catch (IOException e) {
            throw new Unavailable("DAX", e);
        }
    }

    private synchronized void connected(ClusterDaxAsyncClient made) {
        if (closed) { // meanwhile
            made.close();
        } else {
            client = made;
        }
    }

    /**
     * The client, as soon as there is one.
     *
     * @return the client; fails with {@link Unavailable} when there is none yet
     */
    Uni<DynamoDbAsyncClient> client() {
        DynamoDbAsyncClient made = client;
        return made == null
                ? Uni.createFrom().failure(new Unavailable("There is no connection to DAX yet"))
                : Uni.createFrom().item(made);
    }

    /** Waits for the end, two seconds at most. */
    @Override
    public synchronized void close() {
        closed = true;
        if (client != null) {
            client.close();
        }
        boolean ended = threads.shutdownGracefully(QUIET_MILLIS, DISCOVERY_MILLIS, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(DISCOVERY_MILLIS);
        if (!ended) {
            LOG.warn("The connections to DAX do not end");
        }
    }
}
