package dev.flashstock.api;

import io.quarkus.runtime.annotations.RegisterForReflection;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * Whether the caller likes a product.
 *
 * @param sku its SKU
 * @param liked whether it is so now
 */
@RegisterForReflection
@Schema(name = "Liked")
public record LikedView(@Schema(examples = "console") String sku, boolean liked) {}
