package org.basinlab.network;

/** A permuted network answers differently from its original. The same permutation would do so again: a retry is in vain. */
public final class FunctionChangedException extends RuntimeException {

    FunctionChangedException(String message) {
        super(message);
    }
}
