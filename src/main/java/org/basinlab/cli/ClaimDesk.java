package org.basinlab.cli;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.basinlab.verdict.ClaimCard;
import org.basinlab.verdict.ClaimLine;

/** Who knows claims and how they stand: a store, or a server. Both give the same. */
interface ClaimDesk {

    /** The one study that is meant: by its id, the beginning of it, or its name (then the newest). */
    UUID study(String idOrName);

    /** Every claim that is known; or those that a study lists, in its order. */
    List<ClaimLine> lines(Optional<UUID> study);

    /** One in full; empty where there is no such claim, or the study does not list it. */
    Optional<ClaimCard> card(String claim, Optional<UUID> study);

    /** Of all claims that there is a card of. */
    List<String> ids();
}
