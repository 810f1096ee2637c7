package dev.flashstock.api;

import dev.flashstock.sharding.Layout;
import dev.flashstock.stock.Sku;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** How many shards a SKU has, on the wire. */
@Schema(name = "Layout")
record LayoutView(
        @Schema(examples = "console") String sku,

        @Schema(description = "How many it is to have", examples = "20")
        int shards,

        @Schema(description = "How many somebody chose: it does not shrink below that by itself", examples = "10")
        int chosenShards,

        @Schema(description = "How many take writes", examples = "10")
        int writeShards,

        @Schema(description = "How many a reader sums", examples = "20")
        int readShards,

        State state) {

    /** Whether it is changing. */
    enum State {
        STEADY,
        GROWING,
        SHRINKING
    }

    static LayoutView of(Sku sku, Layout layout) {
        return new LayoutView(
                sku.value(),
                layout.wantedShards(),
                layout.chosenShards(),
                layout.writeShards(),
                layout.readShards(),
                state(layout));
    }

    private static State state(Layout layout) {
        if (layout.isSteady()) {
            return State.STEADY;
        }
        return layout.writeShards() < layout.wantedShards() ? State.GROWING : State.SHRINKING;
    }
}
