package dev.flashstock.api;

import dev.flashstock.heat.TableName;
import dev.flashstock.stock.IdempotencyKey;
import dev.flashstock.stock.Product;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.UserId;
import jakarta.ws.rs.ext.ParamConverter;
import jakarta.ws.rs.ext.ParamConverterProvider;
import jakarta.ws.rs.ext.Provider;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Parameters and headers as values; what is not one is a 400 that says what one looks like. */
@Provider
public final class Parameters implements ParamConverterProvider {
    private static final Map<Class<?>, ParamConverter<?>> CONVERTERS = Map.of(
            Sku.class, new Converter<>("sku", "Shape", Sku::new),
            TableName.class, new Converter<>("table", "Shape", TableName::new),
            UserId.class, new Converter<>("user", "Shape", UserId::new),
            IdempotencyKey.class, new Converter<>("Idempotency-Key", "Shape", IdempotencyKey::new),
            Consistency.class, new Converter<>("consistency", "Enum", Consistency::parse),
            FirstLine.class, new Converter<>("from", "Range", FirstLine::parse),
            Limit.class, new Converter<>("limit", "Range", Limit::parse),
            Product.Status.class, new Converter<>("status", "Enum", Parameters::status));

    @Override
    @SuppressWarnings("unchecked") // the map's keys are its values' types
    public <T> @Nullable ParamConverter<T> getConverter(
            Class<T> type, @Nullable Type genericType, Annotation @Nullable [] annotations) {
        return (ParamConverter<T>) CONVERTERS.get(type);
    }

    private static Product.Status status(String value) {
        return Arrays.stream(Product.Status.values())
                .filter(status -> status.name().equals(value))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("must be one of " + Arrays.toString(Product.Status.values())));
    }

    private record Converter<T>(String name, String rule, Function<String, T> parse) implements ParamConverter<T> {
        @Override
        public T fromString(String value) {
            return BadInput.parsed(name, rule, value, parse);
        }

        @Override
        public String toString(T value) {
            return value.toString();
        }
    }
}
