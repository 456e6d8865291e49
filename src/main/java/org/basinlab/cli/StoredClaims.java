package org.basinlab.cli;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.basinlab.study.ClaimRegister;
import org.basinlab.verdict.ClaimCard;
import org.basinlab.verdict.ClaimLine;
import org.basinlab.verdict.Verdicts;

/** Claims as a store knows them. */
final class StoredClaims implements ClaimDesk {

    private final Optional<Store> store;
    private final Verdicts verdicts;

    /** @param store absent where nothing was ever run */
    StoredClaims(Optional<Store> store) {
        this.store = store;
        this.verdicts = new Verdicts(ClaimRegister.shipped(), store.flatMap(StoreReports::claims));
    }

    @Override
    public UUID study(String idOrName) {
        return store.flatMap(StoreReports::open)
                .map(reports -> StoreReports.getStudy(reports, idOrName))
                .orElseThrow(() ->
                        new UsageException("no study has the id or name '%s': the store is empty".formatted(idOrName)));
    }

    @Override
    public List<ClaimLine> lines(Optional<UUID> study) {
        return study.map(verdicts::lines).orElseGet(verdicts::lines);
    }

    @Override
    public Optional<ClaimCard> card(String claim, Optional<UUID> study) {
        return verdicts.card(claim, study);
    }

    @Override
    public List<String> ids() {
        return verdicts.ids();
    }
}
