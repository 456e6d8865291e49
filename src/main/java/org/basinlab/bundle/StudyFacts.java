package org.basinlab.bundle;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.basinlab.recipe.CanonicalJson;

/**
 * What the texts of a bundle say of its study.
 *
 * @param specification as it was given
 * @param canonical of the newest version
 * @param started ISO 8601, UTC; empty where nothing was ever tried
 * @param ended the same
 * @param datasets that it read
 * @param environments on what its tasks ran, each once
 */
record StudyFacts(
        UUID id,
        String name,
        Optional<String> paper,
        String identity,
        String specification,
        String canonical,
        String state,
        Optional<String> started,
        String ended,
        List<Data> datasets,
        List<Map<String, String>> environments,
        Verdicts verdicts) {

    private static final String STUDY = """
            SELECT s.name, s.paper, s.identity, s.specification, s.state,
                   to_char(s.started_at, 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS started,
                   to_char(coalesce(s.finished_at, s.created_at), 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS ended,
                   (SELECT v.canonical FROM ledger.study_version v WHERE v.study_id = s.id ORDER BY v.version DESC LIMIT 1) AS canonical
              FROM ledger.study s
             WHERE s.id = '%s'
            """;

    private static final String DATA = """
            SELECT DISTINCT d.digest, d.name
              FROM ledger.dataset d
              JOIN ledger.task t ON t.data_digest = d.digest
              JOIN bundle_task b ON b.id = t.id
             ORDER BY d.digest
            """;

    private static final String ENVIRONMENTS = """
            SELECT DISTINCT CAST(a.environment - CAST('{numericVersion}' AS text[]) AS text)
              FROM ledger.attempt a
              JOIN bundle_task b ON b.id = a.task_id
             WHERE a.environment IS NOT NULL AND a.outcome = 'succeeded'
             ORDER BY 1
            """;

    StudyFacts {
        datasets = List.copyOf(datasets);
        environments = List.copyOf(environments);
    }

    /** A data set by the digest of its records. */
    record Data(String digest, String name) {}

    /** In the transaction in which {@link Reach} was laid out. */
    static StudyFacts read(Connection connection, UUID study) throws SQLException {
        List<Data> datasets = new ArrayList<>();
        List<Map<String, String>> environments = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            try (ResultSet row = statement.executeQuery(DATA)) {
                while (row.next()) {
                    datasets.add(new Data(row.getString(1), row.getString(2)));
                }
            }
            try (ResultSet row = statement.executeQuery(ENVIRONMENTS)) {
                while (row.next()) {
                    environments.add(texts(row.getString(1)));
                }
            }
            Verdicts verdicts = Verdicts.read(connection, study);
            try (ResultSet row = statement.executeQuery(STUDY.formatted(study))) {
                row.next();
                return new StudyFacts(
                        study,
                        row.getString("name"),
                        Optional.ofNullable(row.getString("paper")),
                        row.getString("identity"),
                        row.getString("specification"),
                        CanonicalJson.write(CanonicalJson.read(row.getString("canonical"), Object.class)),
                        row.getString("state"),
                        Optional.ofNullable(row.getString("started")),
                        row.getString("ended"),
                        datasets,
                        environments,
                        verdicts);
            }
        }
    }

    private static Map<String, String> texts(String json) {
        Map<String, String> texts = new TreeMap<>();
        ((Map<?, ?>) CanonicalJson.read(json, Map.class))
                .forEach((key, value) -> texts.put(String.valueOf(key), String.valueOf(value)));
        return texts;
    }

    List<String> data() {
        return datasets.stream().map(Data::digest).toList();
    }
}
