package org.basinlab.study;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.basinlab.recipe.ProbeBehaviour;

/** Reads {@code probe}: a study that computes nothing. */
final class ProbeReader {

    static final String KEY = "probe";

    private static final Keys PROBE = Keys.of(KEY, "shape", "tasks", "seconds", "label", "misbehave");

    private static final List<ProbeBehaviour> MISBEHAVIOURS = Arrays.stream(ProbeBehaviour.values())
            .filter(behaviour -> behaviour != ProbeBehaviour.OK)
            .toList();
    private static final Keys MISBEHAVE = Keys.of(
            "misbehave", MISBEHAVIOURS.stream().map(ProbeBehaviour::label).toArray(String[]::new));

    /** What says what is computed; none of it goes with a probe. */
    private static final List<String> COMPUTES = List.of(
            "dataset",
            "network",
            "training",
            "order",
            "arms",
            "controls",
            "merge",
            "evaluate",
            "factors",
            "crossed",
            "keep",
            "claims");

    /** Shares are sums of decimals: a hair more than 1 is 1. */
    private static final double ROUNDING = 1e-9;

    private ProbeReader() {}

    /** The probe of a study, whose keys have been checked. */
    static Probe read(Section study) {
        for (String key : COMPUTES) {
            if (study.find(key).isPresent()) {
                throw study.keyAt(key).refuse(key, key + " does not go with probe, which computes nothing");
            }
        }
        Section probe = study.get(KEY).section(PROBE);
        return new Probe(
                probe.find("shape")
                        .map(value -> value.choice(List.of(Probe.Shape.values()), Probe.Shape::label))
                        .orElse(Probe.Shape.WIDE),
                probe.get("tasks").integer(1, ArmSize.MOST_TASKS),
                probe.find("seconds")
                        .map(value -> value.number(
                                "[0, %d]".formatted(Probe.MOST_SECONDS),
                                seconds -> seconds >= 0 && seconds <= Probe.MOST_SECONDS))
                        .orElse(0.0),
                probe.find("label").map(value -> value.text(Study.NAME, Study.NAME_IN_WORDS)),
                probe.find("misbehave").map(ProbeReader::shares).orElse(List.of()));
    }

    /** In one order whatever the text's. */
    private static List<Probe.Share> shares(Value value) {
        Section section = value.section(MISBEHAVE);
        List<Probe.Share> shares = new ArrayList<>();
        for (ProbeBehaviour behaviour : MISBEHAVIOURS) {
            section.find(behaviour.label())
                    .map(share -> share.number("[0, 1]", number -> number >= 0 && number <= 1))
                    .filter(share -> share > 0)
                    .ifPresent(share -> shares.add(new Probe.Share(behaviour, share)));
        }
        double all = shares.stream().mapToDouble(Probe.Share::of).sum();
        if (all > 1 + ROUNDING) {
            throw value.refuse("must have shares of at most 1 in all, had %s".formatted(all));
        }
        return shares;
    }
}
