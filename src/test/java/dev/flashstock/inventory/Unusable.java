package dev.flashstock.inventory;

import java.lang.reflect.Proxy;

/** Ports of which a test expects no call but those that it overrides. */
final class Unusable {
    private Unusable() {}

    static StockTable stock() {
        return (StockTable) Proxy.newProxyInstance(
                StockTable.class.getClassLoader(), new Class<?>[] {StockTable.class}, (proxy, method, arguments) -> {
                    throw new UnsupportedOperationException(method.getName());
                });
    }
}
