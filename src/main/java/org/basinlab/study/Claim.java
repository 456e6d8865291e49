package org.basinlab.study;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_ABSENT;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.basinlab.recipe.CanonicalJson;

/**
 * What somebody said, and the rule by which it is decided: fixed before the first result, hashed with the study that lists it.
 *
 * @param id {@code H1}
 * @param paper whose claims form one family with it: their p are adjusted together (Holm)
 * @param source who says it
 * @param place where in the paper, as far as it is known
 * @param wording our own words
 * @param estimand what number would show it, in words
 * @param unit what counts as one independent observation, in words
 * @param reported what the paper found, {@code not reported} where it gives no number
 * @param minimum least number of units by which it is decided
 * @param pilot whether an earlier, independent pilot looked at it
 * @param confounds what else could bring such a number about
 * @param controls which controls answer them, and how
 * @param assumptions what the primary specification assumes where the paper leaves it open
 * @param decision empty for a claim that cannot be tested as it is stated
 * @param specifications the primary one first; empty where {@code awaits} is present
 * @param awaits what this version lacks to measure it; a study cannot list such a claim
 */
public record Claim(
        String id,
        Publication paper,
        Source source,
        String place,
        String wording,
        String estimand,
        String unit,
        String reported,
        int minimum,
        boolean pilot,
        List<String> confounds,
        List<String> controls,
        List<String> assumptions,
        @JsonInclude(NON_ABSENT) Optional<Decision> decision,
        List<Specification> specifications,
        @JsonInclude(NON_ABSENT) Optional<String> awaits) {

    public Claim {
        confounds = List.copyOf(confounds);
        controls = List.copyOf(controls);
        assumptions = List.copyOf(assumptions);
        specifications = List.copyOf(specifications);
    }

    /** The one that decides, where there is one. */
    @JsonIgnore
    public Optional<Specification> primary() {
        return specifications.stream().findFirst();
    }

    /** SHA-256 of all of it, queries included: what is hashed with a study. */
    @JsonIgnore
    public String digest() {
        return CanonicalJson.digest(this);
    }

    /**
     * A paper, or a repository that made a claim.
     *
     * @param id {@code arXiv:2510.09174}
     * @param version {@code v2}
     */
    public record Publication(String id, String version, String title, String authors) {}

    /** Who makes a claim. */
    public enum Source {
        PAPER,
        LATER_WORK,
        /** Ours, against a claim of the paper. */
        CHALLENGE;

        @JsonValue
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
