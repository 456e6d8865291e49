package org.basinlab.cli;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Optional;

/**
 * One line of a diagnosis.
 *
 * @param subject what was looked at
 * @param found what was found
 * @param advice what to do about it; empty when nothing needs to be done
 */
record Finding(Mark mark, String subject, String found, Optional<String> advice) {

    /** What a finding means for the program. */
    enum Mark {
        OK,
        /** It works, but not as well as it could. */
        WARN,
        /** It does not work. */
        FAIL;

        @JsonValue
        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Finding ok(String subject, String found) {
        return new Finding(Mark.OK, subject, found, Optional.empty());
    }

    static Finding warn(String subject, String found, String advice) {
        return new Finding(Mark.WARN, subject, found, Optional.of(advice));
    }

    static Finding fail(String subject, String found, String advice) {
        return new Finding(Mark.FAIL, subject, found, Optional.of(advice));
    }
}
