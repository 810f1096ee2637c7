package dev.flashstock.inventory;

import dev.flashstock.stock.Product;
import java.util.Optional;
import java.util.Set;

/** What a caller expects of a product before changing it. */
@FunctionalInterface
public interface Precondition {
    /**
     * Whether the expectation holds.
     *
     * @param product what is there
     * @return true when it does
     */
    boolean holds(Optional<Product> product);

    /**
     * No expectation.
     *
     * @return always true
     */
    static Precondition none() {
        return product -> true;
    }

    /**
     * There is no such product yet.
     *
     * @return the precondition
     */
    static Precondition absent() {
        return Optional::isEmpty;
    }

    /**
     * There is such a product, whatever its revision.
     *
     * @return the precondition
     */
    static Precondition present() {
        return Optional::isPresent;
    }

    /**
     * The product has one of these revisions.
     *
     * @param revisions the revisions
     * @return the precondition
     */
    static Precondition revisionIn(Set<String> revisions) {
        return product ->
                product.map(Product::revision).filter(revisions::contains).isPresent();
    }

    /**
     * The product, if there is one, has none of these revisions.
     *
     * @param revisions the revisions
     * @return the precondition
     */
    static Precondition revisionNotIn(Set<String> revisions) {
        return product ->
                product.map(Product::revision).filter(revisions::contains).isEmpty();
    }

    /**
     * Both hold.
     *
     * @param other the other one
     * @return the precondition
     */
    default Precondition and(Precondition other) {
        return product -> holds(product) && other.holds(product);
    }
}
