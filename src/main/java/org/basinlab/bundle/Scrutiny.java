package org.basinlab.bundle;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.study.Claim;
import org.basinlab.study.Study;
import org.basinlab.workflow.Conclusion;
import org.jspecify.annotations.Nullable;

/** Holds the staged rows of a bundle against each other, against what else it holds, and against what a study of ours could say. */
final class Scrutiny {

    /** Characters that steer a terminal, or turn the direction of a text. */
    private static final String STEERING =
            "\\u0001-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f\\u202a-\\u202e\\u2066-\\u2069";

    private static final Pattern STEERED = Pattern.compile("[\\u0000" + STEERING + "]");

    private static final String UNPLAIN =
            "SELECT count(*) FROM stage_%s WHERE concat_ws(' ', %s) ~ '[" + STEERING + "\\t\\n\\r]'";

    private static final String WHOLE = """
            SELECT s.name, s.identity, s.state, s.specification,
                   (SELECT CAST(v.canonical AS text) FROM stage_versions v WHERE v.study_id = s.id ORDER BY v.version DESC LIMIT 1)
                       AS canonical
              FROM stage_studies s
             WHERE s.id = '%s'
            """;

    /** A clock that is a day ahead is no fault of the bundle. */
    private static final String UNTIMELY = """
            SELECT count(*)
              FROM (SELECT created_at, started_at, finished_at FROM stage_studies
                     UNION ALL
                    SELECT issued_at, NULL, NULL FROM stage_verdicts) AS t (a, b, c)
             WHERE greatest(a, b, c) > (clock_timestamp() AT TIME ZONE 'UTC') + interval '1 day'
                OR least(a, b, c) < timestamp '2000-01-01'
            """;

    private static final String CHECKPOINTS = """
            SELECT sha256, bytes, bytes >= 1 AND chunks = (bytes + 1048575) / 1048576 AS fits
              FROM stage_checkpoints
             ORDER BY row_number
            """;

    private final BundleFile file;
    private final Manifest manifest;
    private final Staging staging;
    private final Connection connection;

    Scrutiny(BundleFile file, Manifest manifest, Staging staging, Connection connection) {
        this.file = file;
        this.manifest = manifest;
        this.staging = staging;
        this.connection = connection;
    }

    /** @throws BundleException with the first thing that does not fit */
    void require() throws SQLException {
        requireOneStudy();
        requireNames();
        requireWholeStudy();
        if (staging.count(UNTIMELY) > 0) {
            throw file.refused("its studies and verdicts must be of a time since 2000 that is not ahead, some are not");
        }
        requireCheckpoints();
        requireClaims();
        requireVerdicts();
    }

    private void requireOneStudy() throws SQLException {
        String whole = "SELECT count(*) FROM stage_studies WHERE whole AND id %s '%s'";
        if (staging.count(whole.formatted("=", manifest.study())) != 1
                || staging.count(whole.formatted("<>", manifest.study())) != 0) {
            throw file.refused("it must be of one study, %s".formatted(manifest.study()));
        }
    }

    /** What stands in lists and on cards is one line. */
    private void requireNames() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT name FROM stage_studies ORDER BY row_number")) {
            while (row.next()) {
                String name = String.valueOf(row.getString(1));
                if (!name.matches(Study.NAME)) {
                    throw file.refused("a study must be named by %s, one is '%s'"
                            .formatted(Study.NAME_IN_WORDS, BundleFile.printable(name)));
                }
            }
        }
        for (Table table : Tables.all(manifest.study(), manifest.contents())) {
            String columns = table.columns().stream()
                    .filter(column ->
                            column.kind() == Column.Kind.TEXT || column.name().equals("exploratory"))
                    .map(column -> '"' + column.name() + '"')
                    .collect(Collectors.joining(", "));
            if (!columns.isEmpty() && staging.count(UNPLAIN.formatted(table.name(), columns)) > 0) {
                throw file.refused(
                        "names must have no control characters, some of table %s have".formatted(table.name()));
            }
        }
    }

    private void requireWholeStudy() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(WHOLE.formatted(manifest.study()))) {
            row.next();
            requireSame("name", manifest.name(), row.getString("name"));
            requireSame("identity", manifest.identity(), row.getString("identity"));
            String state = String.valueOf(row.getString("state"));
            if (!List.of("SUCCEEDED", "FAILED", "CANCELLED").contains(state)) {
                throw file.refused("its study must have ended, it is " + BundleFile.printable(state));
            }
            if (!lines(file.text("specification.yaml")).equals(lines(String.valueOf(row.getString("specification"))))) {
                throw file.refused("specification.yaml must be that of table studies, it is another");
            }
            if (!json("specification.json", file.text("specification.json"))
                    .equals(json("table versions", String.valueOf(row.getString("canonical"))))) {
                throw file.refused("specification.json must be that of the newest version of its plan, it is another");
            }
        }
        List<String> data = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT digest FROM stage_datasets")) {
            while (row.next()) {
                data.add(String.valueOf(row.getString(1)));
            }
        }
        requireSame(
                "data",
                manifest.data().stream().sorted().toList().toString(),
                data.stream().sorted().toList().toString());
    }

    private void requireSame(String what, String said, String found) {
        if (!said.equals(found)) {
            throw file.refused("its %s in manifest.json must be that of its tables, it is '%s' there and '%s' here"
                    .formatted(what, BundleFile.printable(said), BundleFile.printable(String.valueOf(found))));
        }
    }

    /** Line ends are not kept on the way through CSV. */
    private static String lines(String text) {
        return text.replace("\r\n", "\n");
    }

    /** A size that is wrong would stand in the way of the bytes, should this machine come upon them. */
    private void requireCheckpoints() throws SQLException {
        Map<String, Long> sizes = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(CHECKPOINTS)) {
            while (row.next()) {
                String sha256 = String.valueOf(row.getString("sha256"));
                if (!row.getBoolean("fits")) {
                    throw file.refused("a checkpoint must have bytes, and a chunk for each MiB of them, %s has not"
                            .formatted(BundleFile.printable(sha256)));
                }
                sizes.put(sha256, row.getLong("bytes"));
            }
        }
        for (Manifest.Member member : manifest.members()) {
            if (member.path().startsWith(BundleImport.CHECKPOINTS)
                    && !Optional.of(member.bytes()).equals(Optional.ofNullable(sizes.get(member.sha256())))) {
                throw file.refused("%s must stand in table checkpoints with its %d bytes, it does not"
                        .formatted(member.path(), member.bytes()));
            }
        }
    }

    /** A claim is named by its digest: a wrong one would stand in the way of the right one for ever. */
    private void requireClaims() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT id, digest, CAST(definition AS text) AS definition FROM stage_claims ORDER BY row_number")) {
            while (row.next()) {
                String what = "claim " + row.getString("id");
                String text = String.valueOf(row.getString("definition"));
                String found = CanonicalJson.digest(json(what, text));
                if (!found.equals(row.getString("digest"))) {
                    throw file.refused("%s must have the digest %s, it has %s"
                            .formatted(what, BundleFile.printable(String.valueOf(row.getString("digest"))), found));
                }
                Claim claim = read(what, text, Claim.class);
                if (!claim.id().equals(row.getString("id"))) {
                    throw file.refused("%s must be defined under its own id, it is under '%s'"
                            .formatted(what, BundleFile.printable(claim.id())));
                }
            }
        }
    }

    private void requireVerdicts() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "SELECT claim, outcome, assumption, CAST(conclusion AS text) AS conclusion FROM stage_verdicts ORDER BY row_number")) {
            while (row.next()) {
                String what = "the verdict on " + row.getString("claim");
                String text = String.valueOf(row.getString("conclusion"));
                json(what, text);
                Conclusion conclusion = read(what, text, Conclusion.class);
                String said = "%s %s %s"
                        .formatted(row.getString("claim"), row.getString("outcome"), row.getString("assumption"));
                String concluded = "%s %s %s"
                        .formatted(
                                conclusion.claim(),
                                conclusion.outcome().label(),
                                conclusion.assumption().orElse(null));
                if (!said.equals(concluded) || !conclusion.outcome().isIssued()) {
                    throw file.refused("%s must be what its conclusion says, it is '%s' and that '%s'"
                            .formatted(what, said, BundleFile.printable(concluded)));
                }
            }
        }
    }

    /**
     * What was put into the store, by what shows it.
     *
     * @throws BundleException if {@code verdicts.json} says something else
     * @throws SQLException if a view cannot show a verdict
     */
    void requireShown() throws SQLException {
        staging.count("SELECT count(CAST(v AS text)) FROM results.verdicts v WHERE v.study_id = '%s'"
                .formatted(manifest.study()));
        String stored = Verdicts.read(connection, manifest.study()).json();
        if (!unordered(file.text(Verdicts.PATH)).equals(unordered(stored))) {
            throw file.refused("%s must be what its tables say, it is something else".formatted(Verdicts.PATH));
        }
    }

    /** Stores sort texts by their own rules. */
    private Object unordered(String verdicts) {
        Object all = json(Verdicts.PATH, verdicts);
        return all instanceof List<?> list ? new HashSet<>(list) : all;
    }

    private Object json(String what, String text) {
        try {
            Object value = CanonicalJson.readLenient(text, Object.class);
            requirePlain(what, value);
            return value;
        } catch (IllegalArgumentException e) {
            throw unreadable(what, e);
        }
    }

    private <T> T read(String what, String text, Class<T> type) {
        try {
            return CanonicalJson.readLenient(text, type);
        } catch (IllegalArgumentException e) {
            throw unreadable(what, e);
        }
    }

    private BundleException unreadable(String what, IllegalArgumentException fault) {
        return file.refused("%s cannot be read: %s"
                .formatted(
                        what,
                        BundleFile.printable(String.valueOf(fault.getMessage())
                                .lines()
                                .findFirst()
                                .orElse(""))));
    }

    private void requirePlain(String what, @Nullable Object value) {
        if (value instanceof String text && STEERED.matcher(text).find()) {
            throw file.refused("texts must have no control characters, one of %s has".formatted(what));
        }
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, one) -> {
                requirePlain(what, key);
                requirePlain(what, one);
            });
        }
        if (value instanceof Iterable<?> some) {
            some.forEach(one -> requirePlain(what, one));
        }
    }
}
