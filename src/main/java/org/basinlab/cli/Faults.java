package org.basinlab.cli;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Set;
import org.basinlab.bundle.BundleException;
import org.basinlab.chaos.ChaosException;
import org.basinlab.dataset.DatasetException;
import org.basinlab.dispatch.DataUnavailableException;
import org.basinlab.dispatch.StartRefusedException;
import org.basinlab.dispatch.StoreFullException;
import org.basinlab.embedded.EmbeddedPostgresException;
import org.basinlab.ledger.CheckpointException;
import org.basinlab.ledger.ClaimQueryException;
import org.basinlab.ledger.ControlRefusedException;
import org.basinlab.ledger.LineageMissingException;
import org.basinlab.ledger.WorkerRefusedException;
import org.basinlab.network.GpuUnavailable;
import org.basinlab.network.NumericsUnavailable;
import org.basinlab.study.SpecificationException;
import org.basinlab.workflow.ClaimRefusedException;

/** From what went wrong to one line and an exit code. */
final class Faults {

    private static final Set<Class<?>> FOR_USERS = Set.of(
            SpecificationException.class,
            UsageException.class,
            UnusableException.class,
            DatasetException.class,
            DataUnavailableException.class,
            StartRefusedException.class,
            StoreFullException.class,
            ClaimRefusedException.class,
            BundleException.class,
            ControlRefusedException.class,
            EmbeddedPostgresException.class,
            GpuUnavailable.class,
            CheckpointException.class,
            LineageMissingException.class,
            ClaimQueryException.class,
            ChaosException.class,
            NumericsUnavailable.class,
            WorkerRefusedException.class);

    private static final Set<Class<?>> OURS = Set.of(IllegalArgumentException.class, IllegalStateException.class);

    private Faults() {}

    static int exitCode(Throwable fault) {
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (cause instanceof SpecificationException
                    || cause instanceof StartRefusedException
                    || cause instanceof ClaimRefusedException
                    || cause instanceof BundleException
                    || cause instanceof ControlRefusedException
                    || cause instanceof LineageMissingException
                    || cause instanceof UsageException) {
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
                || cause instanceof DataUnavailableException
                || cause instanceof StoreFullException
                || cause instanceof EmbeddedPostgresException
                || cause instanceof GpuUnavailable
                || cause instanceof CheckpointException
                || cause instanceof ChaosException
                || cause instanceof NumericsUnavailable
                || cause instanceof WorkerRefusedException
                || cause instanceof SQLException
                || cause instanceof IOException;
    }

    /** The message that was made for the user, wherever it stands; else the outermost that we wrote; else the innermost. */
    static String message(Throwable fault) {
        Throwable root = fault;
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (FOR_USERS.contains(cause.getClass())) {
                return String.valueOf(cause.getMessage());
            }
            root = cause;
        }
        for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
            if (OURS.contains(cause.getClass()) && cause.getMessage() != null) {
                return cause.getMessage();
            }
        }
        String kind = root.getClass().getSimpleName();
        return root.getMessage() == null ? kind : kind + ": " + root.getMessage();
    }
}
