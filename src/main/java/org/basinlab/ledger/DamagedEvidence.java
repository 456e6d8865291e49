package org.basinlab.ledger;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;

/** Which studies rest on networks whose checkpoints are noted as damaged; works on any connection to the store. */
public final class DamagedEvidence {

    /** A store that no program of this version has opened for work notes nothing. */
    private static final String KNOWN = "SELECT to_regclass('ledger.damaged_evidence') IS NOT NULL";

    private static final String LIST = """
            SELECT DISTINCT study_id, sha256
              FROM ledger.damaged_evidence
             ORDER BY study_id, sha256
            """;

    private final Query query;

    public DamagedEvidence(DataSource database) {
        this.query = new Query(database);
    }

    /** By study, the SHA-256 of the damaged checkpoints; studies without any are absent. */
    public Map<UUID, List<String>> byStudy() {
        Map<UUID, List<String>> damaged = new HashMap<>();
        if (query.find(KNOWN, row -> row.getBoolean(1)).orElse(false)) {
            query.list(
                    LIST,
                    row -> damaged.computeIfAbsent(Query.uuid(row, "study_id"), study -> new ArrayList<>())
                            .add(row.getString("sha256")));
        }
        return damaged;
    }
}
