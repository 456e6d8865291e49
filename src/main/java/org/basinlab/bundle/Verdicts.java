package org.basinlab.bundle;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.study.Claim;
import org.basinlab.workflow.Conclusion;

/**
 * The verdicts of a study as they were issued, each with the claim as it was registered; {@code verdicts.json} of a bundle.
 *
 * @param items in the order of claims
 */
record Verdicts(List<Item> items) {

    static final String PATH = "verdicts.json";

    private static final String ISSUED = """
            SELECT v.version, v.conclusion, v.exploratory, c.definition
              FROM ledger.verdict v
              JOIN ledger.study_claim k USING (study_id, version, claim)
              JOIN ledger.claim c ON c.id = k.claim AND c.digest = k.digest
             WHERE v.study_id = '%s'
             ORDER BY v.version, c.definition #>> '{paper,id}', length(v.claim), v.claim
            """;

    Verdicts {
        items = List.copyOf(items);
    }

    /**
     * One verdict.
     *
     * @param version of the study's plan
     * @param exploratory why it is; empty where it is not
     */
    record Item(int version, Claim claim, Conclusion conclusion, Optional<String> exploratory) {}

    static Verdicts read(Connection connection, UUID study) throws SQLException {
        List<Item> items = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(ISSUED.formatted(study))) {
            while (row.next()) {
                items.add(new Item(
                        row.getInt("version"),
                        CanonicalJson.read(row.getString("definition"), Claim.class),
                        CanonicalJson.read(row.getString("conclusion"), Conclusion.class),
                        Optional.ofNullable(row.getString("exploratory"))));
            }
        }
        return new Verdicts(items);
    }

    static Verdicts parse(String json) {
        return new Verdicts(Arrays.asList(CanonicalJson.read(json, Item[].class)));
    }

    String json() {
        return CanonicalJson.write(items);
    }

    /** By path, the complete SQL that gave the units of each part. */
    Map<String, String> statements() {
        Map<String, String> statements = new TreeMap<>();
        for (Item item : items) {
            for (Conclusion.Part part : item.conclusion().parts()) {
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
