package org.basinlab.bundle;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Objects;

/**
 * What a bundle holds beside the numbers.
 *
 * @param checkpoints the bytes of networks, as far as the store has them
 * @param permutations those of every merge; without them lineage stays, and a permutation is an empty object
 * @param csv every table a second time, for people and spreadsheets
 * @param licence SPDX identifier or address of the licence under which the results may be used
 */
public record Contents(boolean checkpoints, Outcomes outcomes, boolean permutations, boolean csv, String licence) {

    public Contents {
        Objects.requireNonNull(outcomes, "contents must say which outcomes there are");
        Objects.requireNonNull(licence, "contents must name a licence");
    }

    /** The licence of the program itself. */
    public static final String LICENCE = "Apache-2.0";

    /** Everything but weights. */
    public static final Contents USUAL = new Contents(false, Outcomes.ALL, true, true, LICENCE);

    /** What ships with the program: as little as the verdicts need. */
    public static final Contents EVIDENCE = new Contents(false, Outcomes.CITED, false, false, LICENCE);

    /** As much of this as came with a bundle of other contents; its licence is theirs. */
    Contents atMost(Contents had) {
        return new Contents(
                checkpoints && had.checkpoints,
                outcomes.compareTo(had.outcomes) < 0 ? had.outcomes : outcomes,
                permutations && had.permutations,
                csv,
                had.licence);
    }

    /** What is there once a bundle of these contents was brought beside one of others, of the same study. */
    Contents with(Contents had) {
        return new Contents(
                checkpoints || had.checkpoints,
                outcomes.compareTo(had.outcomes) < 0 ? outcomes : had.outcomes,
                permutations || had.permutations,
                csv || had.csv,
                had.licence);
    }

    /** Whether there is anything for the store in this that is not in a bundle of those contents. */
    boolean exceeds(Contents had) {
        return (checkpoints && !had.checkpoints)
                || (permutations && !had.permutations)
                || outcomes.compareTo(had.outcomes) < 0;
    }

    /** Which outcomes of single images are taken, the most first. */
    public enum Outcomes {
        ALL("true"),
        /** Those of test accuracy, FGSM in pixels, DeepFool's L2 distances, and what a primary specification of the study names. */
        CITED("""
                (o.metric = 'accuracy' AND o.split = 'test'
                 OR o.metric = 'fgsm-accuracy' AND o.space = 'pixel'
                 OR o.metric = 'deepfool-l2-mean' AND o.space = 'pixel'
                 OR EXISTS (
                    SELECT FROM bundle_cited q
                     WHERE q.metric = o.metric
                       AND coalesce(q.space = o.space, true)
                       AND coalesce(q.at = o.at, true)
                       AND coalesce(q.split = o.split, true)))"""),
        NONE("false");

        private final String condition;

        Outcomes(String condition) {
            this.condition = condition;
        }

        /** On a row {@code o} of ledger.outcome. */
        String condition() {
            return condition;
        }

        @JsonValue
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
