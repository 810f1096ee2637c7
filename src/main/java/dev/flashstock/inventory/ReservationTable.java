package dev.flashstock.inventory;

import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ReservationId;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.UserId;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Port: the reservations, under their users. Reads are strongly consistent; all fail with {@link Unavailable}. */
public interface ReservationTable {
    /**
     * Looks a reservation up.
     *
     * @param user whose
     * @param id its id
     * @return the reservation, or nothing while it is queued or when there is none
     */
    Uni<Optional<Reservation>> find(UserId user, ReservationId id);

    /**
     * Lists a user's reservations in the order of their ids.
     *
     * @param user whose
     * @param after the id to go on after; null: from the beginning
     * @param limit the most reservations
     * @return up to {@code limit} reservations
     */
    Uni<List<Reservation>> list(UserId user, @Nullable ReservationId after, int limit);

    /**
     * Records a reservation that takes no units, unless one with its id is there.
     *
     * @param reservation a rejected or cancelled one
     * @return the one that is there now, this one or the earlier one; nothing when a transaction on it is under way
     */
    Uni<Optional<Reservation>> recordIfAbsent(Reservation reservation);

    /**
     * Looks several reservations up.
     *
     * @param keys what names them, each once
     * @return those that are there, in any order
     */
    Uni<List<Reservation>> findAll(List<Reservation.Key> keys);

    /**
     * Searches the whole table, whoever's reservations they are. It costs a read of all that is in the table.
     *
     * @param sku the SKU
     * @return all reservations of the SKU that are held or sold, in any order; those that become so meanwhile may be
     *     missing
     */
    Multi<Reservation> search(Sku sku);

    /**
     * Marks a hold as sold.
     *
     * @param held the reservation, as it was read
     * @param paymentReference how it was paid; null: nothing is said
     * @return {@code CHANGED} when it is not held any more
     */
    Uni<Attempt> confirm(Reservation held, @Nullable String paymentReference);

    /**
     * Makes a hold longer, once.
     *
     * @param held the reservation, as it was read
     * @param until when it ends
     * @return {@code CHANGED} when it is not held any more, or was extended
     */
    Uni<Attempt> extend(Reservation held, Instant until);
}
