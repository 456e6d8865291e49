package org.basinlab.bundle;

import java.util.List;
import org.basinlab.recipe.CanonicalJson;

/** Where the tables of a bundle go in the store, in the order of its foreign keys. */
final class Targets {

    private static final String BY_NETWORK = """
            JOIN ledger.network n ON n.id = s.network_id
            JOIN ledger.task w ON w.id = n.task_id
            JOIN ledger.study y ON y.id = w.study_id""";

    private Targets() {}

    /** @param sha256 of the bundle */
    static List<Target> all(String sha256, Contents contents) {
        return List.of(
                datasets(),
                studies(sha256, contents),
                versions(),
                claims(),
                studyClaims(),
                workers(sha256),
                checkpoints(),
                tasks(),
                inputs(),
                attempts(),
                networks(),
                parents(),
                snapshots(),
                metrics(),
                outcomes(),
                checks(),
                verdicts(),
                audits());
    }

    private static Target datasets() {
        return Target.of("datasets", "dataset", "digest")
                .same("name", "official", "train_images", "test_images")
                .times("recorded_at")
                .compared("name", "train_images", "test_images")
                .ofNobody();
    }

    private static Target studies(String sha256, Contents contents) {
        return Target.of("studies", "study", "id")
                .same("name", "paper", "seed", "identity", "specification", "keep", "state")
                .times("created_at", "started_at", "finished_at")
                .put("bundle", "'%s'".formatted(sha256))
                .put("partial", "NOT s.whole")
                .put("contents", "CASE WHEN s.whole THEN %s END".formatted(json(contents)))
                .compared("name", "paper", "seed", "identity", "specification")
                .ofNobody();
    }

    /** As a literal. */
    static String json(Contents contents) {
        return "CAST('%s' AS jsonb)".formatted(CanonicalJson.write(contents).replace("'", "''"));
    }

    private static Target versions() {
        return Target.of("versions", "study_version", "study_id", "version")
                .same("canonical", "tasks")
                .times("created_at")
                .compared("canonical", "tasks")
                .ownedBy(Target.BY_STUDY);
    }

    private static Target claims() {
        return Target.of("claims", "claim", "id", "digest")
                .same("definition")
                .times("registered_at")
                .compared("definition")
                .ofNobody();
    }

    private static Target studyClaims() {
        return Target.of("study_claims", "study_claim", "study_id", "version", "claim")
                .same("digest", "planned", "rules", "exploratory")
                .compared("digest", "planned", "rules", "exploratory")
                .ownedBy(Target.BY_STUDY);
    }

    /** No process of this machine, and none that is alive. */
    private static Target workers(String sha256) {
        return Target.of("workers", "worker", "id")
                .put("host", "'bundle'")
                .put("machine", "'bundle %s'".formatted(sha256))
                .put("pid", "0")
                .same("slots", "device", "memory_bytes", "environment")
                .times("started_at", "stopped_at")
                .put("seen_at", "s.stopped_at AT TIME ZONE 'UTC'")
                .ofNobody();
    }

    /** Without their bytes; those that the bundle has come afterwards. A size that was never held against bytes stands in nobody's way. */
    private static Target checkpoints() {
        return Target.of("checkpoints", "checkpoint", "sha256")
                .same("bytes", "chunks")
                .times("created_at")
                .put("dropped_at", "clock_timestamp()")
                .differing("l.bytes <> s.bytes AND l.dropped_at IS NULL")
                .ofNobody();
    }

    /** The networks that they made are put to them when those are there. */
    private static Target tasks() {
        return Target.of("tasks", "task", "id")
                .same("study_id", "version", "ordinal", "kind", "arm", "scheme", "stage", "group_size", "group_id")
                .same("matching", "variant", "seed", "parameters", "data_digest", "key", "flops", "outcome", "reason")
                .same("reused_from")
                .times("finished_at")
                .compared(
                        "study_id",
                        "version",
                        "ordinal",
                        "kind",
                        "arm",
                        "scheme",
                        "group_size",
                        "group_id",
                        "variant",
                        "parameters",
                        "data_digest",
                        "key",
                        "outcome",
                        "reused_from")
                .ownedBy(Target.BY_STUDY);
    }

    private static Target inputs() {
        return Target.of("inputs", "task_input", "task_id", "position")
                .same("input_task_id")
                .compared("input_task_id")
                .ownedBy(Target.byTask("task_id"));
    }

    /** Tokens of this store, which grow over all its tasks. */
    private static Target attempts() {
        return Target.of("attempts", "attempt", "task_id", "number")
                .put("token", "nextval('ledger.lease_token')")
                .same("worker_id", "outcome", "message", "environment")
                .times("started_at", "ended_at")
                .compared("worker_id", "outcome", "environment")
                .ownedBy(Target.byTask("task_id"));
    }

    private static Target networks() {
        return Target.of("networks", "network", "id")
                .same("task_id", "origin", "architecture", "label", "parameters", "sha256", "initialised_from")
                .times("created_at")
                .compared("task_id", "origin", "architecture", "sha256", "initialised_from")
                .ownedBy(Target.byTask("task_id"));
    }

    /** A permutation that was left out on either side is like any. */
    private static Target parents() {
        return Target.of("parents", "network_parent", "network_id", "position")
                .same("parent_id", "share", "permutation")
                .compared("parent_id", "share")
                .differing("""
                        l.permutation IS DISTINCT FROM s.permutation
                        AND (l.permutation IS NULL OR s.permutation IS NULL OR '{}' NOT IN (l.permutation, s.permutation))""")
                .ownedBy(BY_NETWORK);
    }

    private static Target snapshots() {
        return Target.of("snapshots", "snapshot", "task_id", "step")
                .same("sha256")
                .put(
                        "token",
                        "(SELECT a.token FROM ledger.attempt a WHERE a.task_id = s.task_id AND a.number = s.attempt)")
                .times("created_at")
                .compared("sha256")
                .ownedBy(Target.byTask("task_id"));
    }

    private static Target metrics() {
        return Target.of("metrics", "metric", "metric")
                .put("id", "nextval('ledger.metric_id') - 1")
                .merged("space", "at", "split")
                .keyed("task_id", "s.measured_task_id")
                .keyed("variant", "s.metric_variant")
                .put("network_id", "s.measured_network_id")
                .same("images", "value", "status")
                .compared("network_id", "images", "value", "status")
                .ownedBy(Target.byTask("measured_task_id"));
    }

    private static Target outcomes() {
        return Target.of("outcomes", "outcome", "metric")
                .merged("space", "at", "split")
                .keyed("task_id", "s.measured_task_id")
                .keyed("variant", "s.metric_variant")
                .put("network_id", "s.measured_network_id")
                .same("images", "distances")
                .put("correct", "substring(CAST('x' || s.correct AS bit varying) FROM 1 FOR s.images)")
                .compared("network_id", "images", "correct", "distances")
                .ownedBy(Target.byTask("measured_task_id"));
    }

    private static Target checks() {
        return Target.of("checks", "sanity_check", "metric", "check_name")
                .merged("space")
                .keyed("task_id", "s.measured_task_id")
                .same("measured", "bound", "passed")
                .compared("measured", "bound", "passed")
                .ownedBy(Target.byTask("measured_task_id"));
    }

    private static Target verdicts() {
        return Target.of("verdicts", "verdict", "study_id", "version", "claim")
                .same("outcome", "assumption", "exploratory", "task_id", "conclusion")
                .times("issued_at")
                .compared("outcome", "assumption", "exploratory", "conclusion")
                .ownedBy(Target.BY_STUDY);
    }

    private static Target audits() {
        return Target.of("audits", "replay", "id")
                .same("task_id", "recorded", "found", "environment")
                .times("audited_at")
                .compared("task_id", "recorded", "found")
                .ownedBy(Target.byTask("task_id"));
    }
}
