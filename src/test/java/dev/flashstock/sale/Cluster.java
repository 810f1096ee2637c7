package dev.flashstock.sale;

import dev.flashstock.dynamodb.DynamoDbSetup;
import dev.flashstock.inventory.StockTable;
import dev.flashstock.local.Backend;
import dev.flashstock.local.LocalBackends;
import dev.flashstock.local.faults.Fault;
import dev.flashstock.local.faults.FaultRule;
import dev.flashstock.local.faults.Wire;
import dev.flashstock.local.partitions.Limits;
import dev.flashstock.local.partitions.PartitionProxy;
import dev.flashstock.local.partitions.Throughput;
import dev.flashstock.sqs.SqsSetup;
import io.vertx.mutiny.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * Pods side by side, each on wires of its own to the embedded backends, with a table and queues of the cluster's own. All
 * wires to the table lead through one {@link PartitionProxy}, where pods' transactions conflict and partitions throttle.
 */
final class Cluster implements AutoCloseable {
    /** How many pods there are. */
    static final int PODS = 3;

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String TRANSACTION = "TransactWriteItems";
    private static final String RECEIVE = "ReceiveMessage";

    private static final List<FaultRule> ON_THE_WAY_TO_THE_TABLE = List.of(
            rule(0.01, new Fault.Failure(500, "InternalServerError", "Rehearsed")),
            rule(0.005, new Fault.Failure(400, "ThrottlingException", "Rehearsed")),
            rule(0.01, new Fault.RequestLost()),
            rule(0.02, new Fault.AnswerLost()),
            rule(0.005, new Fault.AnswerCut()),
            rule(0.01, new Fault.AnswerLate(100)),
            rule(0.002, new Fault.AnswerLate(1_500)),
            rule(0.03, new Fault.LateDuplicate(15)),
            rule(0.02, new Fault.LateDuplicate(300)),
            rule(0.01, new Fault.LateDuplicate(4_000)));
    private static final List<FaultRule> ON_THE_WAY_TO_THE_QUEUE = List.of(
            rule(0.01, new Fault.Failure(500, "InternalError", "Rehearsed")),
            rule(0.01, new Fault.RequestLost()),
            rule(0.02, new Fault.AnswerLost()),
            rule(0.005, new Fault.AnswerCut()),
            rule(0.02, new Fault.LateDuplicate(100)),
            rule(0.01, new Fault.LateDuplicate(3_000)));
    private static final List<FaultRule> ON_THE_WAY_TO_REDIS = List.of(
            rule(0.02, new Fault.RequestLost()),
            rule(0.02, new Fault.AnswerLost()),
            rule(0.02, new Fault.AnswerLate(400)));
    /** While it takes longer, a transaction is in the way of others. */
    private static final List<FaultRule> AT_THE_TABLE =
            List.of(rule(0.2, new Fault.Latency(4, 40)).on(TRANSACTION));

    /** Per key; hot enough that shards and users are throttled. */
    private static final Limits LIMITS = Limits.everyKey(30, 100);

    /** How far pods' clocks go wrong, either way. */
    static final Duration SKEW = Duration.ofSeconds(5);

    /** Of pods whose clocks go wrong, most go right. */
    private static final List<Duration> SKEWS =
            List.of(Duration.ZERO, Duration.ZERO, Duration.ZERO, SKEW, SKEW.negated());

    private final Names names;
    private final Vertx vertx = new Vertx(Wire.eventLoop());
    private final URI table = LocalBackends.server(Backend.DYNAMODB);
    private final URI queue = LocalBackends.server(Backend.SQS);
    private final URI redis = URI.create(LocalBackends.server(Backend.REDIS) + "/6");
    private final PartitionProxy proxy;
    private final DynamoDbAsyncClient dynamoDb;
    private final SqsAsyncClient sqs;
    private final Random random;
    private final List<Duration> skews;
    private final Duration patience;
    private final UnaryOperator<StockTable> watch;
    private final AtomicReferenceArray<Pod> pods = new AtomicReferenceArray<>(PODS);
    private final List<Pod> dead = new ArrayList<>();
    private final List<Lines> lines = new ArrayList<>();
    private boolean rough;
    private boolean sweeping;

    /**
     * Starts pods. Nothing goes wrong yet.
     *
     * @param seed what chance begins with
     */
    Cluster(long seed) {
        this(seed, Lines.PRODUCTION, UnaryOperator.identity());
    }

    /**
     * The same, and looks on.
     *
     * @param seed what chance begins with
     * @param patience how long the first try of a pod's call may take
     * @param watch what looks at the pods' transactions
     */
    Cluster(long seed, Duration patience, UnaryOperator<StockTable> watch) {
        this(seed, List.of(Duration.ZERO), patience, watch);
    }

    /** Starts pods of which some have clocks that are fast or slow. */
    static Cluster ofAnyClocks(long seed) {
        return new Cluster(seed, SKEWS, Lines.PRODUCTION, UnaryOperator.identity());
    }

    private Cluster(long seed, List<Duration> skews, Duration patience, UnaryOperator<StockTable> watch) {
        this.skews = skews;
        this.patience = patience;
        this.watch = watch;
        names = Names.ofItsOwn(patience.equals(Lines.PRODUCTION) ? Duration.ofMillis(250) : patience);
        random = new Random(seed);
        proxy = new PartitionProxy(vertx.getDelegate(), table, random.nextLong());
        dynamoDb = Lines.patient(DynamoDbAsyncClient.builder(), table);
        sqs = Lines.patient(SqsAsyncClient.builder(), queue);
        new DynamoDbSetup(dynamoDb, names.table()).provision().await().atMost(PATIENCE);
        new SqsSetup(sqs, names.queue()).provision().await().atMost(PATIENCE);
        for (int place = 0; place < PODS; place++) {
            pods.set(place, start(proxy.address()));
        }
    }

    private static FaultRule rule(double probability, Fault fault) {
        return FaultRule.always(fault).withProbability(probability);
    }

    private Pod start(URI tableAddress) {
        Lines its = new Lines(vertx, new Lines.Ends(tableAddress, queue, redis), patience, random.nextLong());
        lines.add(its);
        if (rough) {
            its.faults(ON_THE_WAY_TO_THE_TABLE, ON_THE_WAY_TO_THE_QUEUE, ON_THE_WAY_TO_REDIS);
        }
        Pod pod = new Pod(its, names, skews.get(random.nextInt(skews.size())), watch);
        if (sweeping) {
            pod.sweeper.start();
        }
        return pod;
    }

    /** A client that is patient, on no wire. */
    DynamoDbAsyncClient dynamoDb() {
        return dynamoDb;
    }

    /** The table's name. */
    String table() {
        return names.table();
    }

    /** The pod that has a place now. */
    Pod pod(int place) {
        return pods.get(place);
    }

    /** From now on much goes wrong. */
    synchronized void getRough() {
        rough = true;
        lines.forEach(it -> it.faults(ON_THE_WAY_TO_THE_TABLE, ON_THE_WAY_TO_THE_QUEUE, ON_THE_WAY_TO_REDIS));
        proxy.faults().set(AT_THE_TABLE);
        proxy.partitions().limit(names.table(), LIMITS);
    }

    /** Nothing goes wrong any more. What the limits have done is told. */
    synchronized Throughput calmDown() {
        rough = false;
        lines.forEach(it -> it.faults(List.of(), List.of(), List.of()));
        proxy.faults().clear();
        Throughput throughput = proxy.partitions().throughput(names.table());
        proxy.partitions().unlimit(names.table());
        return throughput == null ? Throughput.NONE : throughput;
    }

    /** From now on what is due is given back. */
    synchronized void sweep() {
        sweeping = true;
        for (int place = 0; place < PODS; place++) {
            pods.get(place).sweeper.start();
        }
    }

    /** One of the pods dies, and another one takes its place. */
    synchronized void replaceOne() {
        Pod victim = pods.getAndSet(random.nextInt(PODS), start(proxy.address()));
        victim.kill();
        dead.add(victim);
    }

    /** How many pods hear the others' news. */
    int listeners() {
        return pods.get(0).listeners();
    }

    /** How many pods have died. */
    synchronized int deaths() {
        return dead.size();
    }

    /** How often each kind of fault has happened, by its name. */
    synchronized Map<String, Long> happened() {
        Map<String, Long> all = new TreeMap<>(proxy.faults().happened());
        lines.forEach(it -> it.happened().forEach((fault, times) -> all.merge(fault, times, Long::sum)));
        return all;
    }

    /** Messages that nobody has handled yet, those of dead pods included. */
    long queued() {
        return messages(names.queue().queue());
    }

    /** Messages that could not be handled, and are not given up yet. */
    long deadLetters() {
        return messages(names.queue().deadLetterQueue());
    }

    private long messages(String name) {
        String url = sqs.getQueueUrl(request -> request.queueName(name)).join().queueUrl();
        return sqs
                .getQueueAttributes(request -> request.queueUrl(url).attributeNames(QueueAttributeName.ALL))
                .join()
                .attributes()
                .entrySet()
                .stream()
                .filter(it -> it.getKey().name().startsWith("APPROXIMATE_NUMBER_OF_MESSAGES"))
                .mapToLong(it -> Long.parseLong(it.getValue()))
                .sum();
    }

    /**
     * All pods finish what they have begun and go; nothing of them is on its way any more. A new one looks after the rest,
     * but for what is due: who has the last units keeps them.
     */
    synchronized Pod leaveOne() {
        closePods();
        proxy.close();
        sweeping = false;
        Pod last = start(table);
        pods.set(0, last);
        return last;
    }

    private void closePods() {
        for (int place = 0; place < PODS; place++) {
            pods.get(place).close();
        }
        dead.forEach(Pod::close);
    }

    /** All items of the table, when nothing changes any more. */
    List<Map<String, AttributeValue>> items() {
        List<Map<String, AttributeValue>> before;
        List<Map<String, AttributeValue>> items = Found.scan(dynamoDb, names.table());
        do {
            before = items;
            items = Found.scan(dynamoDb, names.table());
        } while (!items.equals(before));
        return items;
    }

    @Override
    public synchronized void close() {
        closePods();
        dynamoDb.deleteTable(request -> request.tableName(names.table())).join();
        for (String name : List.of(names.queue().queue(), names.queue().deadLetterQueue())) {
            String url =
                    sqs.getQueueUrl(request -> request.queueName(name)).join().queueUrl();
            sqs.deleteQueue(request -> request.queueUrl(url)).join();
        }
        dynamoDb.close();
        sqs.close();
        vertx.close().await().atMost(PATIENCE);
    }
}
