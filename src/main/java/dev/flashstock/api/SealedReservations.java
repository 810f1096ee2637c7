package dev.flashstock.api;

import dev.flashstock.inventory.ReservationIds;
import dev.flashstock.inventory.Reservations;
import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Refusal;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ReservationId;
import dev.flashstock.stock.UserId;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import jakarta.ws.rs.core.Response;
import java.util.function.BiFunction;

/** A user's reservations as callers name and see them: their ids are sealed. */
@Singleton
class SealedReservations {
    private final Reservations reservations;
    private final ReservationIds ids;

    SealedReservations(Reservations reservations, ReservationIds ids) {
        this.reservations = reservations;
        this.ids = ids;
    }

    Uni<Response> find(UserId user, String sealed) {
        return answer(user, sealed, (it, id) -> reservations.find(it, id).map(Outcome::done));
    }

    /** Does something to a reservation, if the user was given such an id. */
    Uni<Response> answer(
            UserId user, String sealed, BiFunction<UserId, ReservationId, Uni<Outcome<Reservation>>> operation) {
        return ids.open(user, sealed)
                .map(id -> operation.apply(user, id))
                .orElseGet(() -> Uni.createFrom().item(Outcome.refused(new Refusal.UnknownReservation())))
                .map(outcome -> outcome.fold(
                        reservation -> Response.ok(view(reservation)).build(), Refusals::response));
    }

    Uni<Page<ReservationView>> list(UserId user, PageQuery page) {
        return reservations
                .list(user, page.after(ReservationId::new), page.limit().andOneMore())
                .map(found ->
                        Page.of(found, page.limit(), this::view, it -> it.id().value()));
    }

    private ReservationView view(Reservation reservation) {
        return ReservationView.of(reservation, ids);
    }
}
