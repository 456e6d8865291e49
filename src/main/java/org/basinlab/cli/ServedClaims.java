package org.basinlab.cli;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.basinlab.verdict.ClaimCard;
import org.basinlab.verdict.ClaimLine;

/** Claims as a server knows them. */
final class ServedClaims implements ClaimDesk {

    private final ServerCalls calls;
    private final Desk desk;

    /** @param desk of the same server */
    ServedClaims(ServerCalls calls, Desk desk) {
        this.calls = calls;
        this.desk = desk;
    }

    @Override
    public UUID study(String idOrName) {
        return desk.study(idOrName).id();
    }

    @Override
    public List<ClaimLine> lines(Optional<UUID> study) {
        return study.map(desk::claims).orElseGet(() -> calls.list("/claims", ClaimLine.class));
    }

    @Override
    public Optional<ClaimCard> card(String claim, Optional<UUID> study) {
        return calls.find("/claims/%s%s"
                        .formatted(
                                ServerCalls.word(claim),
                                study.map(id -> "?study=" + id).orElse("")))
                .map(found -> ServerCalls.read(found, ClaimCard.class));
    }

    @Override
    public List<String> ids() {
        return lines(Optional.empty()).stream().map(ClaimLine::id).toList();
    }
}
