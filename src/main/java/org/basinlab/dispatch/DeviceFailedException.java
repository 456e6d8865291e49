package org.basinlab.dispatch;

/** The device that a task computed on cannot be trusted any more; its message is one line for the user. */
public final class DeviceFailedException extends RuntimeException {

    public DeviceFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
