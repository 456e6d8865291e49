package org.basinlab.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import org.basinlab.cli.Finding.Mark;
import org.basinlab.dataset.Listing;
import org.basinlab.network.EngineDescription;
import org.basinlab.network.EngineKind;
import org.basinlab.recipe.KnownDataset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DiagnosisTest {

    private static final Machine.Blas ONE_DNN = new Machine.Blas(
            Optional.of(new EngineDescription(
                    EngineKind.NATIVE_BLAS, "native-blas", "oneDNN 3.11.0", "avx2", 1, "cpu", EngineDescription.CPU)),
            Optional.empty(),
            Optional.empty());

    private static final Processor AVX512 =
            new Processor("AMD EPYC", 2, Optional.of(2.6), true, true, InstructionSet.AVX512);
    private static final Machine.StorePlace OWN =
            new Machine.StorePlace(true, "/home/me/basinlab", true, Optional.empty(), Optional.of(50_000_000_000L));

    private static Machine machine(
            Processor cpu, Machine.Blas blas, Optional<String> coreType, Machine.StorePlace store) {
        Listing shapes =
                new Listing(KnownDataset.SYNTHETIC_SHAPES, "built in", 0, Optional.of("00"), true, Optional.empty());
        return new Machine(
                "OpenJDK 17",
                "Linux 6 amd64",
                cpu,
                16_000_000_000L,
                blas,
                ONE_DNN,
                coreType,
                List.of(shapes),
                store,
                "none found");
    }

    private static Machine.Blas blas(String kernel, double gigaflops) {
        EngineDescription engine = new EngineDescription(
                EngineKind.NATIVE_BLAS, "native-blas", "OpenBLAS 0.3.31", kernel, 1, "AMD EPYC", EngineDescription.CPU);
        return new Machine.Blas(Optional.of(engine), Optional.of(gigaflops), Optional.empty());
    }

    private static Finding find(Machine machine, String subject) {
        return Diagnosis.of(machine).stream()
                .filter(finding -> finding.subject().equals(subject))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_machine_in_order_has_nothing_but_ok() {
        Machine machine = machine(AVX512, blas("COOPERLAKE", 148), Optional.empty(), OWN);

        List<Finding> findings = Diagnosis.of(machine);

        assertThat(findings).extracting(Finding::mark).containsOnly(Mark.OK);
        assertThat(findings).allMatch(finding -> finding.advice().isEmpty());
        assertThat(Diagnosis.isUsable(findings)).isTrue();
        assertThat(find(machine, "CPU").found()).isEqualTo("AMD EPYC, 2 cores, 2.6 GHz, AVX2, AVX-512");
        assertThat(find(machine, "BLAS speed").found()).startsWith("148 GF/s");
    }

    @ParameterizedTest
    @CsvSource({
        "AVX512, COOPERLAKE, OK",
        "AVX512, SKYLAKEX, OK",
        "AVX512, HASWELL, WARN",
        "AVX512, ZEN, WARN",
        "AVX512, NEHALEM, WARN",
        "AVX512, PRESCOTT, WARN",
        "AVX2, HASWELL, OK",
        "AVX2, ZEN, OK",
        "AVX2, SANDYBRIDGE, WARN",
        "AVX2, PRESCOTT, WARN",
        "AVX, SANDYBRIDGE, OK",
        "AVX, CORE2, WARN",
        "SSE, NEHALEM, OK",
        "AVX512, unknown, OK"
    })
    void a_kernel_below_what_the_cpu_offers_is_a_warning(InstructionSet offered, String kernel, Mark expected) {
        Processor cpu = new Processor("cpu", 1, Optional.empty(), true, true, offered);

        Finding finding = find(machine(cpu, blas(kernel, 1_000), Optional.empty(), OWN), "BLAS kernel");

        assertThat(finding.mark()).isEqualTo(expected);
        assertThat(finding.found()).startsWith(kernel);
    }

    @Test
    void the_variable_that_chose_a_bad_kernel_is_named() {
        Finding set = find(machine(AVX512, blas("HASWELL", 101), Optional.of("Haswell"), OWN), "BLAS kernel");
        Finding unset = find(machine(AVX512, blas("PRESCOTT", 30), Optional.empty(), OWN), "BLAS kernel");

        assertThat(set.found()).isEqualTo("HASWELL, a kernel for AVX2 (OPENBLAS_CORETYPE=Haswell is set)");
        assertThat(set.advice().orElseThrow()).startsWith("this CPU has AVX-512: unset OPENBLAS_CORETYPE");
        assertThat(unset.advice().orElseThrow()).contains("does not know it: OPENBLAS_CORETYPE=SkylakeX may help");
    }

    /** Measured here: 148–185 GF/s with AVX-512 at 2.6 GHz, 101 with AVX2, 30 as Prescott. */
    @ParameterizedTest
    @CsvSource({
        "AVX512, 2.6, 148, OK",
        "AVX512, 2.6, 93, OK",
        "AVX512, 2.6, 30, WARN",
        "AVX2, 3.0, 80, OK",
        "AVX2, 3.0, 20, WARN",
        "SSE, 2.5, 15, OK",
        "SSE, 2.5, 5, WARN"
    })
    void a_speed_below_a_sound_share_of_the_peak_is_a_warning(
            InstructionSet offered, double gigahertz, double gigaflops, Mark expected) {
        Processor cpu = new Processor("cpu", 1, Optional.of(gigahertz), true, true, offered);

        Finding finding = find(machine(cpu, blas("unknown", gigaflops), Optional.empty(), OWN), "BLAS speed");

        assertThat(finding.mark()).isEqualTo(expected);
    }

    @Test
    void without_natives_nothing_is_usable_and_the_reason_is_said() {
        Machine.Blas none = new Machine.Blas(Optional.empty(), Optional.empty(), Optional.of("no libgomp"));

        List<Finding> findings = Diagnosis.of(machine(AVX512, none, Optional.empty(), OWN));

        assertThat(Diagnosis.isUsable(findings)).isFalse();
        assertThat(findings)
                .filteredOn(finding -> finding.mark() == Mark.FAIL)
                .extracting(Finding::subject, Finding::found)
                .containsExactly(tuple("natives", "no libgomp"));
    }

    @Test
    void a_store_that_cannot_be_used_fails_and_a_full_disk_too() {
        Machine.StorePlace refused = new Machine.StorePlace(
                false, "jdbc:postgresql://db/x", false, Optional.of("must accept connections"), Optional.empty());
        Machine.StorePlace full =
                new Machine.StorePlace(true, "/home", false, Optional.empty(), Optional.of(100_000_000L));
        Machine.StorePlace scant =
                new Machine.StorePlace(true, "/home", false, Optional.empty(), Optional.of(1_000_000_000L));

        assertThat(find(machine(AVX512, blas("ZEN", 90), Optional.empty(), refused), "store")
                        .mark())
                .isEqualTo(Mark.FAIL);
        assertThat(find(machine(AVX512, blas("ZEN", 90), Optional.empty(), full), "disk")
                        .mark())
                .isEqualTo(Mark.FAIL);
        assertThat(find(machine(AVX512, blas("ZEN", 90), Optional.empty(), scant), "disk")
                        .mark())
                .isEqualTo(Mark.WARN);
        assertThat(find(machine(AVX512, blas("ZEN", 90), Optional.empty(), full), "store")
                        .found())
                .isEqualTo("own PostgreSQL in /home, made at the first run");
    }

    @Test
    void missing_data_is_a_warning_since_one_data_set_is_built_in() {
        Listing missing =
                new Listing(KnownDataset.CIFAR10, "not found", 0, Optional.empty(), false, Optional.of("put it there"));
        Machine machine = new Machine(
                "j",
                "os",
                AVX512,
                1_000_000_000L,
                blas("ZEN", 90),
                new Machine.Blas(Optional.empty(), Optional.empty(), Optional.of("oneDNN does not load")),
                Optional.empty(),
                List.of(missing),
                OWN,
                "none found");

        assertThat(find(machine, "data cifar10").mark()).isEqualTo(Mark.WARN);
        assertThat(find(machine, "memory").mark()).isEqualTo(Mark.WARN);
        assertThat(find(machine, "convolutions").mark()).isEqualTo(Mark.WARN);
        assertThat(find(machine, "convolutions").found()).isEqualTo("oneDNN does not load");
        assertThat(Diagnosis.isUsable(Diagnosis.of(machine))).isTrue();
    }

    @Test
    void the_cpu_is_read_from_what_linux_says_of_it() {
        Processor cpu = Processor.parse(
                List.of(
                        "processor\t: 0",
                        "model name\t: Intel(R) Xeon(R): x",
                        "cpu MHz\t\t: 2596.122",
                        "flags\t\t: fpu sse2 avx fma avx2 avx512f",
                        "model name\t: another"),
                4);

        assertThat(cpu)
                .isEqualTo(new Processor(
                        "Intel(R) Xeon(R): x", 4, Optional.of(2.596122), true, true, InstructionSet.AVX2));
        assertThat(Processor.parse(List.of(), 1).offers()).isEqualTo(InstructionSet.SSE);
    }

    @Test
    void advice_stands_under_its_finding() {
        StringWriter text = new StringWriter();

        DoctorCommand.print(
                List.of(Finding.ok("Java", "17"), Finding.warn("memory", "1 GB", "wants more")),
                new PrintWriter(text, true));

        assertThat(text.toString()).isEqualToNormalizingNewlines("""
                      what    found
                ok    Java    17
                warn  memory  1 GB
                              → wants more
                """);
    }
}
