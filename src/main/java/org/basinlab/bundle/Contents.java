package org.basinlab.bundle;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * What a bundle holds beside the numbers.
 *
 * @param checkpoints the bytes of networks, as far as the store has them
 * @param permutations those of every merge; without them lineage stays, and a permutation is an empty object
 * @param csv every table a second time, for people and spreadsheets
 * @param licence SPDX identifier or address of the licence under which the results may be used
 */
public record Contents(boolean checkpoints, Outcomes outcomes, boolean permutations, boolean csv, String licence) {

    /** The licence of the program itself. */
    public static final String LICENCE = "Apache-2.0";

    /** Everything but weights. */
    public static final Contents USUAL = new Contents(false, Outcomes.ALL, true, true, LICENCE);

    /** What ships with the program: as little as the verdicts need. */
    public static final Contents EVIDENCE = new Contents(false, Outcomes.CITED, false, false, LICENCE);

    /** Which outcomes of single images are taken. */
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
