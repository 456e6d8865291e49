package org.basinlab.study;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Which checkpoints of a finished study stay in the store; digests and lineage of the others stay. */
public enum Keep {
    ALL,
    /** Those of the trained networks; merges can be made of them again. */
    LEAVES;

    @JsonValue
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
