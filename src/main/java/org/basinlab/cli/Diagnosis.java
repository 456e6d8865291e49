package org.basinlab.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.basinlab.dataset.Listing;
import org.basinlab.network.EngineDescription;

/** Judges what was found on a machine. */
final class Diagnosis {

    private static final long SCANT_MEMORY = 2_000_000_000L;
    private static final long SCANT_DISK = 2_000_000_000L;
    private static final long LEAST_DISK = 200_000_000L;

    /** For CPUs that do not say; slower ones are rare. */
    private static final double USUAL_GIGAHERTZ = 2.0;

    private Diagnosis() {}

    static List<Finding> of(Machine machine) {
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.ok("Java", machine.java()));
        findings.add(Finding.ok("system", machine.os()));
        findings.add(cpu(machine.cpu()));
        findings.add(memory(machine.memoryBytes()));
        findings.add(natives(machine.blas()));
        machine.blas().engine().ifPresent(engine -> findings.add(kernel(machine, engine)));
        machine.blas().gigaflops().ifPresent(speed -> findings.add(speed(machine.cpu(), speed)));
        findings.add(networks(machine.networks()));
        findings.add(Finding.ok("GPU", machine.gpu()));
        machine.data().forEach(listing -> findings.add(data(listing)));
        findings.add(store(machine.store()));
        machine.store().freeBytes().ifPresent(free -> findings.add(disk(free)));
        return findings;
    }

    /** Whether studies can be run, warnings or not. */
    static boolean isUsable(List<Finding> findings) {
        return findings.stream().noneMatch(finding -> finding.mark() == Finding.Mark.FAIL);
    }

    private static Finding cpu(Processor cpu) {
        String clock = cpu.gigahertz()
                .map(gigahertz -> String.format(Locale.ROOT, ", %.1f GHz", gigahertz))
                .orElse("");
        String found = "%s, %d %s%s, %s%s"
                .formatted(
                        cpu.name(),
                        cpu.cores(),
                        cpu.cores() == 1 ? "core" : "cores",
                        clock,
                        cpu.avx2() ? "AVX2" : "no AVX2",
                        cpu.avx512() ? ", AVX-512" : ", no AVX-512");
        return Finding.ok("CPU", found);
    }

    private static Finding memory(long bytes) {
        String found = Sizes.bytes(bytes);
        return bytes < SCANT_MEMORY
                ? Finding.warn("memory", found, "studies of the papers' networks want 2 GB or more")
                : Finding.ok("memory", found);
    }

    private static Finding natives(Machine.Blas blas) {
        return blas.engine()
                .map(engine -> Finding.ok(
                        "natives",
                        "%s, %s, %d %s a product"
                                .formatted(
                                        engine.engine(),
                                        engine.blas(),
                                        engine.threads(),
                                        engine.threads() == 1 ? "thread" : "threads")))
                .orElseGet(
                        () -> Finding.fail(
                                "natives",
                                blas.failure().orElse("do not load"),
                                "nothing can be computed here: Linux on x86-64 with glibc is needed, and a ~/.javacpp that can be written"));
    }

    private static Finding networks(Machine.Blas networks) {
        return networks.engine()
                .map(engine -> Finding.ok(
                        "convolutions",
                        "%s, %s, %d %s"
                                .formatted(
                                        engine.blas(),
                                        engine.kernel(),
                                        engine.threads(),
                                        engine.threads() == 1 ? "thread" : "threads")))
                .orElseGet(() -> Finding.warn(
                        "convolutions",
                        networks.failure().orElse("do not load"),
                        "perceptrons can be trained and merged here, networks of convolutions and attention cannot"));
    }

    private static Finding kernel(Machine machine, EngineDescription engine) {
        Optional<InstructionSet> used = InstructionSet.ofKernel(engine.kernel());
        String chosen = machine.coreType()
                .map(type -> " (OPENBLAS_CORETYPE=%s is set)".formatted(type))
                .orElse("");
        String found = engine.kernel()
                + used.map(set -> ", a kernel for " + set.label()).orElse("")
                + chosen;
        InstructionSet offered = machine.cpu().offers();
        if (used.isEmpty() || used.get().compareTo(offered) >= 0) {
            return Finding.ok("BLAS kernel", found);
        }
        return Finding.warn(
                "BLAS kernel",
                found,
                machine.coreType()
                        .map(type -> "this CPU has %s: unset OPENBLAS_CORETYPE, OpenBLAS finds the CPU by itself"
                                .formatted(offered.label()))
                        .orElse("this CPU has %s, but OpenBLAS does not know it: OPENBLAS_CORETYPE=%s may help"
                                .formatted(offered.label(), coreType(offered))));
    }

    /** The kernel that every CPU with these instructions can run. */
    private static String coreType(InstructionSet set) {
        return switch (set) {
            case SSE -> "Nehalem";
            case AVX -> "Sandybridge";
            case AVX2 -> "Haswell";
            case AVX512 -> "SkylakeX";
        };
    }

    private static Finding speed(Processor cpu, double gigaflops) {
        String found = String.format(Locale.ROOT, "%.0f GF/s on one thread (SGEMM 512×512×3072)", gigaflops);
        double sound = cpu.offers().soundSpeed(cpu.gigahertz().orElse(USUAL_GIGAHERTZ));
        return gigaflops < sound
                ? Finding.warn(
                        "BLAS speed",
                        found,
                        String.format(
                                Locale.ROOT,
                                "%.0f GF/s or more is usual for this CPU: is it busy with something else, or the kernel wrong?",
                                sound))
                : Finding.ok("BLAS speed", found);
    }

    private static Finding data(Listing listing) {
        String subject = "data " + listing.name().label();
        return listing.advice()
                .map(advice -> Finding.warn(subject, listing.place(), advice))
                .orElseGet(() -> Finding.ok(subject, listing.place()));
    }

    private static Finding store(Machine.StorePlace store) {
        if (store.obstacle().isPresent()) {
            return Finding.fail("store", store.place(), store.obstacle().get());
        }
        if (!store.own()) {
            return Finding.ok("store", store.place() + " answers");
        }
        return Finding.ok(
                "store",
                "own PostgreSQL in %s%s".formatted(store.place(), store.exists() ? "" : ", made at the first run"));
    }

    private static Finding disk(long free) {
        String found = Sizes.bytes(free) + " free";
        if (free < LEAST_DISK) {
            return Finding.fail("disk", found, "the store needs 200 MB at least: --data-home names another place");
        }
        return free < SCANT_DISK
                ? Finding.warn("disk", found, "a study of the papers' size takes some hundred MB up to several GB")
                : Finding.ok("disk", found);
    }
}
