package org.basinlab.ledger;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The repositories of the ledger's tables: plain finding and keeping, without rules. */
final class Rows {

    private Rows() {}

    @ApplicationScoped
    static class Studies implements PanacheRepositoryBase<StudyRow, UUID> {

        /** Those that came with bundles are only read. */
        Optional<StudyRow> findNewest(String identity) {
            return find("identity = ?1 and bundle is null order by createdAt desc", identity)
                    .firstResultOptional();
        }
    }

    @ApplicationScoped
    static class StudyVersions implements PanacheRepositoryBase<StudyVersionRow, StudyVersionRow.Key> {}

    @ApplicationScoped
    static class Workers implements PanacheRepositoryBase<WorkerRow, UUID> {

        List<WorkerRow> listAlive(String machine) {
            return list("machine = ?1 and stoppedAt is null", machine);
        }
    }

    @ApplicationScoped
    static class Networks implements PanacheRepositoryBase<NetworkRow, UUID> {}

    @ApplicationScoped
    static class Parents implements PanacheRepositoryBase<ParentRow, ParentRow.Key> {}

    @ApplicationScoped
    static class CheckpointRows implements PanacheRepositoryBase<CheckpointRow, String> {}
}
