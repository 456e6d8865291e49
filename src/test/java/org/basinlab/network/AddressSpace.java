package org.basinlab.network;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Scanner;

/**
 * What this process holds of memory outside the heap, for tests of leaks. The kernel's size of the address space holds
 * the whole heap from the start, so that it grows with what is taken outside it alone; resident pages grow with the
 * heap, too, by whatever the tests before left to it.
 */
public final class AddressSpace {

    private static final Path PAGES = Path.of("/proc/self/statm");
    private static final long PAGE = 4_096;

    private AddressSpace() {}

    /** Skips the test where the kernel does not tell. */
    public static long bytes() throws IOException {
        assumeThat(PAGES).as("the kernel's count of pages").exists();
        try (Scanner numbers = new Scanner(Files.readString(PAGES))) {
            return numbers.nextLong() * PAGE;
        }
    }
}
