package dev.flashstock.api;

import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.HttpServerOptions;
import jakarta.inject.Singleton;

/**
 * Plain HTTP is HTTP/1.1: an upgrade to HTTP/2 is not taken up, and a connection that begins with it is refused. A proxy
 * that passes an upgrade on (request smuggling by h2c) would carry requests that it cannot see; and the JDK's client,
 * which asks for one by itself, now and then loses its place in a long first answer.
 */
@Singleton
class PlainHttp implements HttpServerOptionsCustomizer {
    @Override
    public void customizeHttpServer(HttpServerOptions options) {
        options.setHttp2ClearTextEnabled(false);
    }
}
