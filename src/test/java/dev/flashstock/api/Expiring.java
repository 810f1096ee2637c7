package dev.flashstock.api;

import dev.flashstock.inventory.Attempt;
import dev.flashstock.inventory.GroupCommit;
import dev.flashstock.inventory.GroupCommits;
import dev.flashstock.inventory.ReservationIds;
import dev.flashstock.inventory.ReservationTable;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.UserId;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Ends holds as if their time were over. */
@Singleton
class Expiring {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ReservationTable reservations;
    private final ReservationIds ids;
    private final GroupCommits commits;

    Expiring(ReservationTable reservations, ReservationIds ids, GroupCommits commits) {
        this.reservations = reservations;
        this.ids = ids;
        this.commits = commits;
    }

    void expire(String user, String location) {
        UserId whose = new UserId(user);
        String sealed = location.substring("/reservations/".length());
        Attempt attempt = reservations
                .find(whose, ids.open(whose, sealed).orElseThrow())
                .map(found -> new GroupCommit.Return(found.orElseThrow(), Reservation.Status.EXPIRED))
                .chain(commits::giveBack)
                .await()
                .atMost(PATIENCE);
        if (attempt != Attempt.DONE) {
            throw new IllegalStateException("It did not expire: " + attempt);
        }
    }
}
