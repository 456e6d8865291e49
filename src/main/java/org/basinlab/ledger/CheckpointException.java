package org.basinlab.ledger;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A checkpoint that cannot be had: absent, given up or damaged. The message names it. */
public final class CheckpointException extends RuntimeException {

    private final @Nullable String damaged;

    CheckpointException(String message) {
        this(message, null);
    }

    private CheckpointException(String message, @Nullable String damaged) {
        super(message);
        this.damaged = damaged;
    }

    /**
     * The bytes that stand there are not those that the name promises.
     *
     * @param sha256 of the checkpoint
     * @param found what is wrong, which names it
     */
    static CheckpointException damaged(String sha256, String found) {
        return new CheckpointException(
                "%s; `basinlab checkpoint restore %s` computes it again".formatted(found, sha256), sha256);
    }

    /** The SHA-256 of the checkpoint whose bytes were found damaged; absent where it is something else that cannot be had. */
    Optional<String> damaged() {
        return Optional.ofNullable(damaged);
    }
}
