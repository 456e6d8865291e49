package org.basinlab.ledger;

/** The numbers of a claim cannot be read by its query, or are not what they must be; it would come again. */
public final class ClaimQueryException extends IllegalStateException {

    public ClaimQueryException(String message) {
        super(message);
    }

    public ClaimQueryException(String message, Throwable cause) {
        super(message, cause);
    }
}
