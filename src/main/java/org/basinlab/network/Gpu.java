package org.basinlab.network;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A graphics processor as its driver describes it.
 *
 * @param name as NVIDIA sells it
 * @param major of its compute capability
 * @param minor of its compute capability
 * @param driver version of the driver
 */
public record Gpu(String name, int major, int minor, String driver) {

    /** The capabilities that ND4J's CUDA 11.6 build has code for; that for 8.6 also runs on 8.7 and 8.9, nothing on 9.0. */
    static final String SUPPORTED = "3.7 to 8.9";

    private static final int LEAST = 37;
    private static final int MOST = 89;

    private static final Pattern LINE = Pattern.compile("\\s*(.+?)\\s*,\\s*(\\d+)\\.(\\d+)\\s*,\\s*(.+?)\\s*");

    /** Reads {@code name, compute_cap, driver_version}, as {@code nvidia-smi} prints them; empty if the line is not so. */
    static Optional<Gpu> parse(String line) {
        Matcher found = LINE.matcher(line);
        return found.matches()
                ? Optional.of(new Gpu(
                        found.group(1),
                        Integer.parseInt(found.group(2)),
                        Integer.parseInt(found.group(3)),
                        found.group(4)))
                : Optional.empty();
    }

    /** Its compute capability, {@code 8.6}. */
    public String capability() {
        return major + "." + minor;
    }

    /** Whether the CUDA backend has code that runs on it. */
    public boolean isSupported() {
        int capability = 10 * major + minor;
        return minor < 10 && capability >= LEAST && capability <= MOST;
    }
}
