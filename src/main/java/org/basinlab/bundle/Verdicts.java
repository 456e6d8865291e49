package org.basinlab.bundle;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.basinlab.recipe.CanonicalJson;

/**
 * The verdicts of a study as they were issued, each with the claim as it was registered; {@code verdicts.json} of a bundle.
 *
 * @param json all of it
 * @param items what is read of it
 */
record Verdicts(String json, List<IssuedVerdict> items) {

    static final String PATH = "verdicts.json";

    private static final String ISSUED = """
            SELECT v.version, CAST(v.conclusion AS text) AS conclusion, v.exploratory, CAST(c.definition AS text) AS definition
              FROM ledger.verdict v
              JOIN ledger.study_claim k USING (study_id, version, claim)
              JOIN ledger.claim c ON c.id = k.claim AND c.digest = k.digest
             WHERE v.study_id = '%s'
             ORDER BY v.version, c.definition #>> '{paper,id}', length(v.claim), v.claim
            """;

    Verdicts {
        items = List.copyOf(items);
    }

    static Verdicts read(Connection connection, UUID study) throws SQLException {
        List<Map<String, Object>> items = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(ISSUED.formatted(study))) {
            while (row.next()) {
                Map<String, Object> item = new TreeMap<>();
                item.put("version", row.getInt("version"));
                item.put("claim", CanonicalJson.read(row.getString("definition"), Object.class));
                item.put("conclusion", CanonicalJson.read(row.getString("conclusion"), Object.class));
                String exploratory = row.getString("exploratory");
                if (exploratory != null) {
                    item.put("exploratory", exploratory);
                }
                items.add(item);
            }
        }
        return parse(CanonicalJson.write(items));
    }

    static Verdicts parse(String json) {
        return new Verdicts(json, Arrays.asList(CanonicalJson.read(json, IssuedVerdict[].class)));
    }

    /** By path, the complete SQL that gave the units of each part. */
    Map<String, String> statements() {
        Map<String, String> statements = new TreeMap<>();
        for (IssuedVerdict item : items) {
            for (IssuedVerdict.Part part : item.conclusion().parts()) {
                String version = item.version() == 1 ? "" : "-v" + item.version();
                String head = "-- %s, %s: the units of its primary specification (%s)\n-- SHA-256 of the rows: %s\n"
                        .formatted(
                                item.claim().id(),
                                part.name(),
                                item.claim().unit().replaceAll("\\s+", " "),
                                part.digest());
                statements.put(
                        "sql/%s-%s%s.sql".formatted(plain(item.claim().id()), plain(part.name()), version),
                        head + part.sql().strip() + "\n");
            }
        }
        return statements;
    }

    private static String plain(String name) {
        return name.replaceAll("[^A-Za-z0-9_-]", "-");
    }
}
