package org.basinlab.cli;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The CPU as {@code /proc/cpuinfo} describes it.
 *
 * @param cores that this process may use
 * @param gigahertz its clock at the moment, if it says
 * @param avx2 whether it has AVX2
 * @param avx512 whether it has AVX-512 (F)
 * @param offers the best that a kernel of OpenBLAS can use
 */
record Processor(
        String name, int cores, Optional<Double> gigahertz, boolean avx2, boolean avx512, InstructionSet offers) {

    static Processor parse(List<String> cpuInfo, int cores) {
        Set<String> flags = value(cpuInfo, "flags")
                .map(line -> Set.copyOf(List.of(line.split("\\s+"))))
                .orElse(Set.of());
        return new Processor(
                value(cpuInfo, "model name").orElse(System.getProperty("os.arch")),
                cores,
                value(cpuInfo, "cpu MHz").flatMap(Processor::gigahertz),
                flags.contains("avx2"),
                flags.contains("avx512f"),
                InstructionSet.of(flags));
    }

    private static Optional<Double> gigahertz(String megahertz) {
        try {
            return Optional.of(Double.parseDouble(megahertz) / 1_000).filter(clock -> clock > 0);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Of the first core. */
    private static Optional<String> value(List<String> lines, String key) {
        return lines.stream()
                .filter(line -> line.startsWith(key) && line.contains(":"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst();
    }
}
