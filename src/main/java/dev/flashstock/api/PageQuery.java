package dev.flashstock.api;

import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.QueryParam;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * Which page of a list is asked for.
 *
 * @param cursor where it begins: the {@code next} of the page before; null: at the beginning
 * @param limit how many items it has at most
 */
public record PageQuery(
        @QueryParam("cursor") @Nullable String cursor,

        @QueryParam("limit")
        @DefaultValue(Limit.DEFAULT)
        @Parameter(
                schema =
                        @Schema(
                                type = SchemaType.INTEGER,
                                minimum = "1",
                                maximum = "100",
                                defaultValue = Limit.DEFAULT))
        Limit limit) {

    /** What the page comes after; null: it is the first. */
    <P> @Nullable P after(Function<String, P> parse) {
        return Page.position(cursor, parse);
    }
}
