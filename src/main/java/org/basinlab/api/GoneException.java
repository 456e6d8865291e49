package org.basinlab.api;

import jakarta.ws.rs.ClientErrorException;
import jakarta.ws.rs.core.Response;

/** Something that the store had and gave up. */
final class GoneException extends ClientErrorException {

    GoneException(String message) {
        super(message, Response.Status.GONE);
    }
}
