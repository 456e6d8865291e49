package org.basinlab.bundle;

import static org.basinlab.bundle.Column.Kind.BITS;
import static org.basinlab.bundle.Column.Kind.FLAG;
import static org.basinlab.bundle.Column.Kind.FREE;
import static org.basinlab.bundle.Column.Kind.ID;
import static org.basinlab.bundle.Column.Kind.INT;
import static org.basinlab.bundle.Column.Kind.JSON;
import static org.basinlab.bundle.Column.Kind.LONG;
import static org.basinlab.bundle.Column.Kind.POINT;
import static org.basinlab.bundle.Column.Kind.REAL;
import static org.basinlab.bundle.Column.Kind.REALS;
import static org.basinlab.bundle.Column.Kind.TEXT;
import static org.basinlab.bundle.Column.Kind.TIME;

import java.util.List;
import java.util.UUID;

/**
 * The tables of a bundle of version 1 (docs/bundles.md). They are asked for where {@link Reach} has laid out which tasks and
 * networks belong to the study.
 */
final class Tables {

    private Tables() {}

    /** In the order in which an empty store can take them. */
    static List<Table> all(UUID study, Contents contents) {
        return List.of(
                datasets(),
                studies(study),
                versions(),
                claims(study),
                studyClaims(study),
                workers(),
                checkpoints(contents),
                tasks(),
                inputs(),
                attempts(),
                networks(),
                parents(contents),
                snapshots(),
                metrics(study),
                outcomes(study, contents),
                checks(study),
                verdicts(study),
                audits());
    }

    private static Table datasets() {
        return Table.of("datasets")
                .add(TEXT, "d", "digest", "name")
                .add(FLAG, "d", "official")
                .add(INT, "d", "train_images", "test_images")
                .add(TIME, "d", "recorded_at")
                .from("""
                        FROM ledger.dataset d
                        WHERE d.digest IN (SELECT t.data_digest FROM ledger.task t JOIN bundle_task b ON b.id = t.id)
                        ORDER BY d.digest""");
    }

    private static Table studies(UUID study) {
        return Table.of("studies")
                .add(ID, "s", "id")
                .add(TEXT, "s", "name", "paper")
                .add(LONG, "s", "seed")
                .add(TEXT, "s", "identity", "keep", "state")
                .add(TIME, "s", "created_at", "started_at", "finished_at")
                .put(FLAG, "whole", "s.id = '%s'".formatted(study))
                .add(FREE, "s", "specification")
                .from("""
                        FROM ledger.study s
                        WHERE s.id = '%1$s' OR s.id IN (SELECT t.study_id FROM ledger.task t JOIN bundle_task b ON b.id = t.id)
                        ORDER BY s.id <> '%1$s', s.id""".formatted(study));
    }

    private static Table versions() {
        return Table.of("versions")
                .add(ID, "v", "study_id")
                .add(INT, "v", "version", "tasks")
                .add(TIME, "v", "created_at")
                .add(JSON, "v", "canonical")
                .from("""
                        FROM ledger.study_version v
                        WHERE (v.study_id, v.version) IN (SELECT t.study_id, t.version FROM ledger.task t JOIN bundle_task b ON b.id = t.id)
                        ORDER BY v.study_id, v.version""");
    }

    private static Table claims(UUID study) {
        return Table.of("claims")
                .add(TEXT, "c", "id", "digest")
                .add(TIME, "c", "registered_at")
                .add(JSON, "c", "definition")
                .from("""
                        FROM ledger.claim c
                        WHERE (c.id, c.digest) IN (SELECT k.claim, k.digest FROM ledger.study_claim k WHERE k.study_id = '%s')
                        ORDER BY c.id, c.digest""".formatted(study));
    }

    private static Table studyClaims(UUID study) {
        return Table.of("study_claims")
                .add(ID, "k", "study_id")
                .add(INT, "k", "version")
                .add(TEXT, "k", "claim", "digest")
                .add(INT, "k", "planned", "rules")
                .add(FREE, "k", "exploratory")
                .from("FROM ledger.study_claim k WHERE k.study_id = '%s' ORDER BY k.version, k.claim".formatted(study));
    }

    /** Names of machines and processes stay behind. */
    private static Table workers() {
        return Table.of("workers")
                .add(ID, "w", "id")
                .add(INT, "w", "slots")
                .add(TEXT, "w", "device")
                .add(LONG, "w", "memory_bytes")
                .add(JSON, "w", "environment")
                .add(TIME, "w", "started_at")
                .put(TIME, "stopped_at", "coalesce(w.stopped_at, w.seen_at)")
                .from("""
                        FROM ledger.worker w
                        WHERE w.id IN (SELECT a.worker_id FROM ledger.attempt a JOIN bundle_task b ON b.id = a.task_id)
                        ORDER BY w.started_at, w.id""");
    }

    private static Table checkpoints(Contents contents) {
        return Table.of("checkpoints")
                .add(TEXT, "c", "sha256")
                .add(LONG, "c", "bytes")
                .add(INT, "c", "chunks")
                .add(TIME, "c", "created_at")
                .put(FLAG, "included", contents.checkpoints() ? "c.dropped_at IS NULL" : "false")
                .from("""
                        FROM ledger.checkpoint c
                        WHERE c.sha256 IN (
                              SELECT n.sha256 FROM ledger.network n JOIN bundle_network b ON b.id = n.id
                              UNION
                              SELECT n.initialised_from FROM ledger.network n JOIN bundle_network b ON b.id = n.id
                              UNION
                              SELECT k.sha256 FROM ledger.snapshot k JOIN bundle_task b ON b.id = k.task_id)
                        ORDER BY c.sha256""");
    }

    private static Table tasks() {
        return Table.of("tasks")
                .add(ID, "t", "id", "study_id")
                .add(INT, "t", "version", "ordinal")
                .add(TEXT, "t", "kind", "arm", "scheme")
                .add(INT, "t", "stage", "group_size", "group_id")
                .add(TEXT, "t", "matching", "variant")
                .add(LONG, "t", "seed")
                .add(JSON, "t", "parameters")
                .add(TEXT, "t", "data_digest", "key")
                .add(REAL, "t", "flops")
                .add(TEXT, "t", "outcome")
                .add(FREE, "t", "reason")
                .add(ID, "t", "network_id", "reused_from")
                .add(TIME, "t", "finished_at")
                .from("""
                        FROM ledger.task t
                        JOIN bundle_task b ON b.id = t.id
                        ORDER BY b.own DESC, t.study_id, t.version, t.ordinal""");
    }

    private static Table inputs() {
        return Table.of("inputs")
                .add(ID, "i", "task_id")
                .add(INT, "i", "position")
                .add(ID, "i", "input_task_id")
                .from("""
                        FROM ledger.task_input i
                        JOIN bundle_task b ON b.id = i.task_id
                        JOIN bundle_task o ON o.id = i.input_task_id
                        JOIN ledger.task t ON t.id = i.task_id
                        ORDER BY b.own DESC, t.study_id, t.version, t.ordinal, i.position""");
    }

    private static Table attempts() {
        return Table.of("attempts")
                .add(ID, "a", "task_id")
                .add(INT, "a", "number")
                .add(ID, "a", "worker_id")
                .add(TIME, "a", "started_at", "ended_at")
                .add(TEXT, "a", "outcome")
                .add(FREE, "a", "message")
                .add(JSON, "a", "environment")
                .from("""
                        FROM ledger.attempt a
                        JOIN bundle_task b ON b.id = a.task_id
                        JOIN ledger.task t ON t.id = a.task_id
                        WHERE a.outcome IS NOT NULL
                        ORDER BY b.own DESC, t.study_id, t.version, t.ordinal, a.number""");
    }

    private static Table networks() {
        return Table.of("networks")
                .add(ID, "n", "id", "task_id")
                .add(TEXT, "n", "origin")
                .add(JSON, "n", "architecture")
                .add(TEXT, "n", "label")
                .add(LONG, "n", "parameters")
                .add(TEXT, "n", "sha256")
                .add(TIME, "n", "created_at")
                .add(TEXT, "n", "initialised_from")
                .from("""
                        FROM ledger.network n
                        JOIN bundle_network b ON b.id = n.id
                        ORDER BY n.created_at, n.id""");
    }

    /** Permutations that are left out are the empty object, so that nobody takes them for none. */
    private static Table parents(Contents contents) {
        return Table.of("parents")
                .add(ID, "p", "network_id")
                .add(INT, "p", "position")
                .add(ID, "p", "parent_id")
                .add(REAL, "p", "share")
                .put(
                        JSON,
                        "permutation",
                        contents.permutations()
                                ? "p.permutation"
                                : "CASE WHEN p.permutation IS NOT NULL THEN CAST('{}' AS jsonb) END")
                .from("""
                        FROM ledger.network_parent p
                        JOIN bundle_network b ON b.id = p.network_id
                        JOIN ledger.network n ON n.id = p.network_id
                        ORDER BY n.created_at, n.id, p.position""");
    }

    private static Table snapshots() {
        return Table.of("snapshots")
                .add(ID, "k", "task_id")
                .add(LONG, "k", "step")
                .add(TEXT, "k", "sha256")
                .put(INT, "attempt", "a.number")
                .add(TIME, "k", "created_at")
                .from("""
                        FROM ledger.snapshot k
                        JOIN bundle_task b ON b.id = k.task_id
                        JOIN ledger.attempt a ON a.token = k.token
                        ORDER BY k.task_id, k.step""");
    }

    /** Where a number came from that stands at a task which took it over from another. */
    private static Table.Builder measured(String name, String alias) {
        return Table.of(name)
                .put(ID, "task_id", "t.id")
                .put(ID, "network_id", "t.network_id")
                .put(ID, "measured_task_id", alias + ".task_id");
    }

    private static Table metrics(UUID study) {
        return measured("metrics", "m")
                .put(ID, "measured_network_id", "m.network_id")
                .place()
                .put(TEXT, "variant", "concat_ws(',', nullif(t.variant, ''), nullif(m.variant, ''))")
                .put(LONG, "seed", "t.seed")
                .add(TEXT, "m", "metric")
                .put(TEXT, "metric_variant", "m.variant")
                .add(TEXT, "m", "space")
                .add(POINT, "m", "at")
                .add(TEXT, "m", "split")
                .add(INT, "m", "images")
                .add(REAL, "m", "value")
                .add(TEXT, "m", "status")
                .from(placed(study, "JOIN ledger.metric m ON m.task_id = coalesce(t.reused_from, t.id)") + ", m.id");
    }

    private static Table outcomes(UUID study, Contents contents) {
        return measured("outcomes", "o")
                .put(ID, "measured_network_id", "o.network_id")
                .place()
                .put(TEXT, "variant", "concat_ws(',', nullif(t.variant, ''), nullif(o.variant, ''))")
                .put(LONG, "seed", "t.seed")
                .add(TEXT, "o", "metric")
                .put(TEXT, "metric_variant", "o.variant")
                .add(TEXT, "o", "space")
                .add(POINT, "o", "at")
                .add(TEXT, "o", "split")
                .add(INT, "o", "images")
                .add(BITS, "o", "correct")
                .add(REALS, "o", "distances")
                .largeFrom(placed(
                                study,
                                "JOIN ledger.outcome o ON o.task_id = coalesce(t.reused_from, t.id) AND "
                                        + contents.outcomes().condition())
                        + ", o.metric, o.variant, o.space, o.at, o.split");
    }

    private static Table checks(UUID study) {
        return measured("checks", "c")
                .place()
                .put(TEXT, "variant", "t.variant")
                .put(LONG, "seed", "t.seed")
                .add(TEXT, "c", "metric", "space", "check_name")
                .add(REAL, "c", "measured", "bound")
                .add(FLAG, "c", "passed")
                .from(placed(study, "JOIN ledger.sanity_check c ON c.task_id = coalesce(t.reused_from, t.id)")
                        + ", c.metric, c.space, c.check_name");
    }

    private static String placed(UUID study, String join) {
        return """
                FROM ledger.task t
                JOIN ledger.study s ON s.id = t.study_id
                %s
                WHERE t.study_id = '%s'
                ORDER BY t.version, t.ordinal""".formatted(join, study);
    }

    private static Table verdicts(UUID study) {
        return Table.of("verdicts")
                .add(ID, "v", "study_id")
                .add(INT, "v", "version")
                .add(TEXT, "v", "claim", "outcome", "assumption")
                .add(FREE, "v", "exploratory")
                .add(ID, "v", "task_id")
                .add(TIME, "v", "issued_at")
                .add(JSON, "v", "conclusion")
                .from("FROM ledger.verdict v WHERE v.study_id = '%s' ORDER BY v.version, v.claim".formatted(study));
    }

    private static Table audits() {
        return Table.of("audits")
                .add(ID, "a", "id", "task_id")
                .add(TIME, "a", "audited_at")
                .add(TEXT, "a", "recorded", "found")
                .add(JSON, "a", "environment")
                .from("""
                        FROM ledger.replay a
                        JOIN bundle_task b ON b.id = a.task_id
                        ORDER BY a.audited_at, a.id""");
    }
}
