package org.basinlab.study;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Claims of a made-up paper, about weight norms of small networks: measured in seconds, and true by the triangle inequality. */
public final class NormClaims {

    public static final String PAPER = "test:norms";

    /** Pairs against the mean of their two leaves. */
    private static final String NORMS = """
            SELECT m.arm || '/2/' || m.group_id AS unit,
                   ln(m.value) - ln(l.value) AS value,
                   CASE WHEN m.status <> 'ok' THEN m.status ELSE l.status END AS status
              FROM results.metrics m
              JOIN (SELECT study_id, arm, group_id / 2 AS pair, avg(value ORDER BY group_id) AS value, max(status) AS status
                      FROM results.metrics
                     WHERE study_id = {study} AND scheme = 'trained' AND metric = 'weight-norm'
                     GROUP BY study_id, arm, group_id / 2) l ON (l.study_id, l.arm, l.pair) = (m.study_id, m.arm, m.group_id)
             WHERE m.study_id = {study} AND m.arm = 'main' AND m.scheme = '%s' AND m.metric = 'weight-norm'
            """;

    private NormClaims() {}

    /**
     * T1 is true, T2 its opposite, T3 needs more units than anybody has, T4 asks a view that there is not, T5 cannot be measured yet,
     * T6 takes networks of every arm for independent, T7 asks a function {@code results.mood} whether it may.
     */
    public static List<Claim> list() {
        return List.of(
                norms("T1", 12, Decision.Sign.NEGATIVE),
                norms("T2", 12, Decision.Sign.POSITIVE),
                norms("T3", 100, Decision.Sign.NEGATIVE),
                broken(),
                awaiting(),
                everyArm(),
                moody());
    }

    /** The shipped claims, then these. */
    public static ClaimRegister register() {
        return new ClaimRegister(Stream.concat(ClaimRegister.shipped().list().stream(), list().stream())
                .toList());
    }

    /** That pairs have a smaller (or a larger) norm than their leaves. */
    public static Claim norms(String id, int minimum, Decision.Sign sign) {
        return claim(
                id,
                minimum,
                sign,
                List.of(
                        specification("primary", Optional.empty(), "hierarchical", NORMS.formatted("hierarchical")),
                        specification("unaligned", Optional.of("alignment"), "naive", NORMS.formatted("naive"))));
    }

    private static Claim broken() {
        return claim(
                "T4",
                12,
                Decision.Sign.NEGATIVE,
                List.of(specification(
                        "primary", Optional.empty(), "hierarchical", "SELECT unit FROM results.nowhere")));
    }

    private static Claim everyArm() {
        return claim(
                "T6",
                2,
                Decision.Sign.POSITIVE,
                List.of(new Specification(
                        "primary",
                        Optional.empty(),
                        Optional.empty(),
                        1,
                        "main",
                        List.of(need("trained", 1)),
                        Map.of("norm", """
                        SELECT arm || '/1/' || group_id AS unit, value, status
                          FROM results.metrics
                         WHERE study_id = {study} AND metric = 'weight-norm'
                        """),
                        Map.of())));
    }

    /** Each query adds what the function says, which is to be 0 or an error. */
    private static Claim moody() {
        Specification primary = specification("primary", Optional.empty(), "hierarchical", moody("primary"));
        return claim(
                "T7",
                12,
                Decision.Sign.NEGATIVE,
                List.of(
                        new Specification(
                                primary.name(),
                                primary.assumption(),
                                primary.value(),
                                primary.groupSize(),
                                primary.arm(),
                                primary.needs(),
                                primary.queries(),
                                Map.of("norm", "SELECT results.mood('images') WHERE results.mood('images') > 0")),
                        specification("again", Optional.of("nothing"), "hierarchical", moody("again"))));
    }

    private static String moody(String what) {
        return "SELECT unit, value + results.mood('%s') AS value, status FROM (%s) AS norm"
                .formatted(what, NORMS.formatted("hierarchical"));
    }

    private static Claim awaiting() {
        Claim norms = norms("T5", 12, Decision.Sign.NEGATIVE);
        return new Claim(
                "T5",
                norms.paper(),
                norms.source(),
                norms.place(),
                norms.wording(),
                norms.estimand(),
                norms.unit(),
                norms.reported(),
                12,
                false,
                norms.confounds(),
                norms.controls(),
                List.of(),
                norms.decision(),
                List.of(),
                Optional.of("networks of another kind"));
    }

    public static Claim claim(String id, int minimum, Decision.Sign sign, List<Specification> specifications) {
        return new Claim(
                id,
                new Claim.Publication(PAPER, "v1", "On norms", "Nobody"),
                Claim.Source.PAPER,
                "nowhere",
                "merging two networks makes the weight norm " + (sign == Decision.Sign.NEGATIVE ? "smaller" : "larger"),
                "log ratio of the norm of a pair's merge and the mean norm of its leaves",
                "pair of disjoint networks",
                "not reported",
                minimum,
                true,
                List.of("averaging alone makes norms smaller"),
                List.of("naive merging"),
                List.of("one hidden layer"),
                Optional.of(new Decision(
                        Decision.Together.ALL,
                        List.of(new Decision.Part("norm", Decision.Type.DIRECTION, sign, 0.02, "log ratio")))),
                specifications,
                Optional.empty());
    }

    public static Specification specification(String name, Optional<String> assumption, String scheme, String query) {
        return new Specification(
                name,
                assumption,
                assumption.map(any -> "none"),
                2,
                "main",
                List.of(need("trained", 1), need(scheme, 2)),
                Map.of("norm", query),
                Map.of());
    }

    private static Specification.Need need(String scheme, int size) {
        return new Specification.Need(
                "main",
                scheme,
                size,
                Optional.empty(),
                "weight-norm",
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }
}
