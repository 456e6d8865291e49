package org.basinlab.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.basinlab.recipe.CanonicalJson;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What went wrong with a request (RFC 9457); members without a value are left out. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(name = "Problem", description = "What went wrong with a request (RFC 9457).")
record Problem(
        @Schema(description = "What the status means") String title,
        @Schema(description = "The HTTP status") int status,

        @Schema(description = "What must hold, where, and what was found")
        String detail,

        @Schema(description = "Line of the specification at fault, from 1") @Nullable
        Integer line,

        @Schema(description = "Its column in characters, from 1") @Nullable
        Integer column,

        @Schema(description = "The dotted key at fault") @Nullable
        String key,

        @Schema(description = "Under what the server's log has more") @Nullable
        String id) {

    static final String MEDIA_TYPE = "application/problem+json";

    static Problem of(int status, String title, String detail) {
        return new Problem(title, status, detail, null, null, null, null);
    }

    String json() {
        return CanonicalJson.write(this);
    }
}
