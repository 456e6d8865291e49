package org.basinlab.worker;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Knows by their words the faults after which a GPU cannot be trusted: memory of the device that is exhausted, uncorrectable errors, a
 * device that is gone. After most of them every further call in the same process fails or answers wrongly.
 */
final class DeviceFaults {

    /** As ND4J, the CUDA runtime and its libraries write them. */
    private static final List<String> WORDS =
            List.of("cuda", "cublas", "cudnn", "cusolver", "uncorrectable ecc", "device memory", "from [device]");

    private DeviceFaults() {}

    /** What the device is said to have done, in one line; empty for any other fault. */
    static Optional<String> find(Throwable fault) {
        return Stream.iterate(fault, Objects::nonNull, Throwable::getCause)
                .map(Throwable::getMessage)
                .filter(Objects::nonNull)
                .filter(DeviceFaults::isOfTheDevice)
                .map(message -> message.lines().findFirst().orElse(message))
                .findFirst();
    }

    private static boolean isOfTheDevice(String message) {
        String lower = message.toLowerCase(Locale.ROOT);
        return WORDS.stream().anyMatch(lower::contains);
    }
}
