package org.basinlab.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The vector instructions of an x86-64 CPU as far as OpenBLAS has kernels for them, from the least to the most. */
enum InstructionSet {
    SSE("SSE", 8, 0.4, "", "NEHALEM BARCELONA CORE2 PRESCOTT"),
    AVX("AVX", 16, 0.4, "avx", "SANDYBRIDGE BULLDOZER PILEDRIVER STEAMROLLER"),
    AVX2("AVX2", 32, 0.4, "avx2 fma", "HASWELL ZEN EXCAVATOR"),
    /** Many CPUs have one such unit instead of two, or lower their clock while it is busy: a lower share is sound. */
    AVX512("AVX-512", 64, 0.25, "avx512f avx512cd avx512bw avx512dq avx512vl", "SKYLAKEX COOPERLAKE SAPPHIRERAPIDS");

    private final String label;
    private final int operationsPerCycle;
    private final double soundShare;
    private final String flags;
    private final String kernels;

    /**
     * @param flags of {@code /proc/cpuinfo} that a CPU must have, with spaces between them
     * @param kernels of OpenBLAS, with spaces between them
     */
    InstructionSet(String label, int operationsPerCycle, double soundShare, String flags, String kernels) {
        this.label = label;
        this.operationsPerCycle = operationsPerCycle;
        this.soundShare = soundShare;
        this.flags = flags;
        this.kernels = kernels;
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(" ", -1));
    }

    /** The best that a CPU with these flags of {@code /proc/cpuinfo} offers. */
    static InstructionSet of(Set<String> cpuFlags) {
        return Arrays.stream(values())
                .filter(set -> cpuFlags.containsAll(words(set.flags)))
                .reduce(SSE, (less, more) -> more);
    }

    /** What a kernel of OpenBLAS uses; empty for one that is not of x86-64 or not known. */
    static Optional<InstructionSet> ofKernel(String kernel) {
        return Arrays.stream(values())
                .filter(set -> words(set.kernels).contains(kernel))
                .findFirst();
    }

    String label() {
        return label;
    }

    /**
     * Products of float32 matrices that are slower than this have a cause that is worth looking for.
     *
     * @return 10⁹ operations a second, a share of what two units could do at most
     */
    double soundSpeed(double gigahertz) {
        return soundShare * operationsPerCycle * gigahertz;
    }
}
