package org.basinlab.ledger;

/** The numbers of a claim cannot be read by its query, or are not what they must be. */
public final class ClaimQueryException extends IllegalStateException {

    /** Whose fault it is. */
    public enum Fault {
        /** The query is sound, and cannot compute with the numbers that this study has; it would come again. */
        DATA,
        /** What it gave are no units: columns without a value, groups that there are not, networks twice. */
        ROWS,
        /** It was stopped before its end; it may end another time. */
        TIME,
        /** The query itself, or what it asks: what mends it is another program. */
        QUERY
    }

    private final Fault fault;

    public ClaimQueryException(Fault fault, String message) {
        super(message);
        this.fault = fault;
    }

    public ClaimQueryException(Fault fault, String message, Throwable cause) {
        super(message, cause);
        this.fault = fault;
    }

    public Fault fault() {
        return fault;
    }
}
