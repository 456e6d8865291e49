package org.basinlab.embedded;

import org.jspecify.annotations.Nullable;

/** Our own PostgreSQL cannot be used; the message is one line: what must hold, where, what was found, what to do. */
public final class EmbeddedPostgresException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    EmbeddedPostgresException(String message) {
        super(message);
    }

    EmbeddedPostgresException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
