package org.basinlab.cli;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Set;
import org.basinlab.dataset.DatasetException;
import org.basinlab.embedded.EmbeddedPostgresException;
import org.basinlab.network.NumericsUnavailable;
import org.basinlab.study.SpecificationException;

/** From what went wrong to one line and an exit code. */
final class Faults {

    private Faults() {}

    static int exitCode(Throwable fault) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof SpecificationException || cause instanceof IllegalArgumentException) {
                return ExitCode.BAD_ARGUMENTS;
            }
            if (isEnvironment(cause)) {
                return ExitCode.ENVIRONMENT;
            }
        }
        return ExitCode.SOMETHING_FAILED;
    }

    private static boolean isEnvironment(Throwable cause) {
        return cause instanceof UnusableException
                || cause instanceof DatasetException
                || cause instanceof EmbeddedPostgresException
                || cause instanceof NumericsUnavailable
                || cause instanceof SQLException
                || cause instanceof IOException;
    }

    /** The message that was made for the user, or else the innermost one. */
    static String message(Throwable fault) {
        Throwable root = fault;
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            root = cause;
            if (cause instanceof SpecificationException
                    || cause instanceof UnusableException
                    || cause instanceof DatasetException
                    || cause instanceof EmbeddedPostgresException
                    || cause instanceof NumericsUnavailable) {
                break;
            }
        }
        if (root.getMessage() == null) {
            return root.getClass().getSimpleName();
        }
        boolean forUsers = Set.of(
                        SpecificationException.class,
                        UnusableException.class,
                        DatasetException.class,
                        EmbeddedPostgresException.class,
                        NumericsUnavailable.class,
                        IllegalArgumentException.class,
                        IllegalStateException.class)
                .contains(root.getClass());
        return forUsers ? root.getMessage() : root.getClass().getSimpleName() + ": " + root.getMessage();
    }
}
