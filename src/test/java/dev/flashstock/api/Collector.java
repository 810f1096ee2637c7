package dev.flashstock.api;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.zip.GZIPInputStream;

/** A collector of traces on loopback, by OTLP over HTTP. */
public final class Collector implements QuarkusTestResourceLifecycleManager {
    private static final HexFormat HEX = HexFormat.of();

    private final ExecutorService threads = Executors.newCachedThreadPool();
    /** Of the JDK's types: who reads it was loaded by somebody else. */
    private final List<byte[]> bodies = new CopyOnWriteArrayList<>();
    /** Who holds it keeps the collector from answering. */
    private final Semaphore answers = new Semaphore(1);

    private HttpServer server;

    @Override
    public Map<String, String> start() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/v1/traces", this::take);
        server.start();
        return Map.of(
                "quarkus.otel.exporter.otlp.endpoint",
                "http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void take(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        bodies.add("gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding")) ? unzipped(body) : body);
        answers.acquireUninterruptibly();
        answers.release();
        exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
        exchange.sendResponseHeaders(200, -1);
        exchange.close();
    }

    private static byte[] unzipped(byte[] body) throws IOException {
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
            return in.readAllBytes();
        }
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(bodies, field -> field.getName().equals("exported"));
        injector.injectIntoFields(answers, field -> field.getName().equals("answers"));
    }

    @Override
    public void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    /** What was told so far. */
    static List<Span> spans(List<byte[]> exported) {
        return exported.stream()
                .map(Collector::parsed)
                .flatMap(it -> it.getResourceSpansList().stream())
                .map(ResourceSpans::getScopeSpansList)
                .flatMap(List::stream)
                .map(ScopeSpans::getSpansList)
                .flatMap(List::stream)
                .toList();
    }

    static ExportTraceServiceRequest parsed(byte[] body) {
        try {
            return ExportTraceServiceRequest.parseFrom(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String attribute(Span span, String key) {
        return span.getAttributesList().stream()
                .filter(it -> it.getKey().equals(key))
                .map(it -> text(it.getValue()))
                .findFirst()
                .orElse("");
    }

    private static String text(AnyValue value) {
        return value.hasIntValue() ? Long.toString(value.getIntValue()) : value.getStringValue();
    }

    static String hex(com.google.protobuf.ByteString id) {
        return HEX.formatHex(id.toByteArray());
    }
}
