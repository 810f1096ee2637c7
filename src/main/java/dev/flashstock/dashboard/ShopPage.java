package dev.flashstock.dashboard;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** One page serves every product's address: it reads the SKU from there. */
@Singleton
class ShopPage {
    void register(@Observes Router router) {
        router.route("/shop/:sku")
                .method(HttpMethod.GET)
                .method(HttpMethod.HEAD)
                .handler(context -> context.reroute("/shop.html"));
    }
}
