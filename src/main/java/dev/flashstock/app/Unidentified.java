package dev.flashstock.app;

import static io.opentelemetry.api.common.AttributeKey.stringKey;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.internal.ExtendedSpanProcessor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes out of the spans of HTTP requests who asked: addresses, user agents, queries, and users in paths. An attribute is only there to
 * be replaced when the span is about to end, and only this interface is asked then.
 */
final class Unidentified implements ExtendedSpanProcessor {
    static final String REDACTED = "REDACTED";

    private static final AttributeKey<String> PATH = stringKey("url.path");
    private static final AttributeKey<String> ROUTE = stringKey("http.route");
    private static final List<AttributeKey<String>> PERSONAL = List.of(
            stringKey("client.address"),
            stringKey("network.peer.address"),
            stringKey("url.query"),
            stringKey("user_agent.original"));
    private static final String USERS = "/users/";

    @Override
    public void onEnding(ReadWriteSpan span) {
        if (span.getKind() != SpanKind.SERVER) {
            return;
        }
        for (AttributeKey<String> key : PERSONAL) {
            if (span.getAttribute(key) != null) {
                span.setAttribute(key, REDACTED);
            }
        }
        if (isOfAUser(span.getAttribute(ROUTE)) || isOfAUser(span.getAttribute(PATH))) {
            span.setAttribute(PATH, USERS + REDACTED);
        }
    }

    /** The route is without what may be written in several ways; where nothing was found there is none. */
    private static boolean isOfAUser(@Nullable String path) {
        return path != null && path.contains(USERS);
    }

    @Override
    public boolean isOnEndingRequired() {
        return true;
    }

    @Override
    public void onStart(Context parent, ReadWriteSpan span) {}

    @Override
    public boolean isStartRequired() {
        return false;
    }

    @Override
    public void onEnd(ReadableSpan span) {}

    @Override
    public boolean isEndRequired() {
        return false;
    }
}
