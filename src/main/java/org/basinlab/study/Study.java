package org.basinlab.study;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_ABSENT;
import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.List;
import java.util.Optional;
import org.basinlab.recipe.CanonicalJson;

/**
 * The question, complete and checked: every assumption has its value, every arm its own settings.
 *
 * @param name lower-case letters, digits and hyphens, 1 to 80 of them
 * @param paper where the question comes from, {@code arXiv:2510.09174v2}
 * @param seed from which every other seed derives
 * @param exploratory whether it was made to look around: what it finds decides no claim
 * @param arms the study's own population first; none where there is a probe
 * @param claims ids of the claims that it is to decide, in the order of the register
 * @param probe what it tries the queue with; it computes nothing then
 */
public record Study(
        String name,
        Optional<String> paper,
        long seed,
        boolean exploratory,
        List<Arm> arms,
        Keep keep,

        @JsonInclude(NON_EMPTY) @JsonSetter(nulls = Nulls.AS_EMPTY)
        List<String> claims,

        @JsonInclude(NON_ABSENT) Optional<Probe> probe) {

    /** What a name must match. */
    public static final String NAME = "[a-z0-9][a-z0-9-]{0,79}";

    public static final String NAME_IN_WORDS = "1 to 80 lower-case letters, digits and hyphens, and no hyphen first";

    public Study {
        arms = List.copyOf(arms);
        claims = List.copyOf(claims);
    }

    /** One that computes something. */
    public Study(
            String name,
            Optional<String> paper,
            long seed,
            boolean exploratory,
            List<Arm> arms,
            Keep keep,
            List<String> claims) {
        this(name, paper, seed, exploratory, arms, keep, claims, Optional.empty());
    }

    /** The one text of this study; with the digests of its data it is the study's identity. */
    @JsonIgnore
    public String canonical() {
        return CanonicalJson.write(this);
    }
}
