package org.basinlab.recipe;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** How the hidden units of one network are paired with those of another. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.WRAPPER_OBJECT)
@JsonSubTypes({
    @JsonSubTypes.Type(value = Matching.Weight.class, name = "weight"),
    @JsonSubTypes.Type(value = Matching.None.class, name = "none")
})
public sealed interface Matching {

    /** Its name in a specification and in SQL. */
    @JsonIgnore
    String label();

    /** Whether it looks at images. */
    @JsonIgnore
    default boolean readsImages() {
        return false;
    }

    /** Weight matching by coordinate descent over layers (Git Re-Basin, arXiv 2209.04836, algorithm 1). */
    record Weight() implements Matching {
        @Override
        public String label() {
            return "weight";
        }
    }

    /** Every unit stays where it is. */
    record None() implements Matching {
        @Override
        public String label() {
            return "none";
        }
    }
}
