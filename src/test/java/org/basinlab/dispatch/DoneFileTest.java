package org.basinlab.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.basinlab.ledger.Lease;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.InputSpace;
import org.basinlab.recipe.MergeStep;
import org.basinlab.recipe.Split;
import org.basinlab.workflow.Conclusion;
import org.basinlab.workflow.ImageOutcome;
import org.basinlab.workflow.Measurement;
import org.basinlab.workflow.NewNetwork;
import org.basinlab.workflow.SanityCheck;
import org.basinlab.workflow.TaskOutcome;
import org.basinlab.workflow.TaskSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoneFileTest {

    @TempDir
    Path folder;

    static Lease lease(long token) {
        return new Lease(
                new UUID(1, token),
                token,
                2,
                1,
                new UUID(0, 2),
                "a study",
                new TaskSpec.Merge(new MergeStep.Mean(), 7),
                1.5e9,
                Optional.of("ab".repeat(32)),
                List.of(new Lease.Input(new UUID(3, 4), "cd".repeat(32))));
    }

    private Done throughAFile(TaskOutcome outcome) throws IOException {
        Path file = folder.resolve("5.result");
        DoneFile.write(file, new Done(lease(5), outcome));
        return DoneFile.read(file);
    }

    @Test
    void a_network_with_its_measurements_comes_back_bit_for_bit() throws IOException {
        byte[] checkpoint = new byte[100_000];
        for (int i = 0; i < checkpoint.length; i++) {
            checkpoint[i] = (byte) (31 * i);
        }
        NewNetwork.Parent parent = new NewNetwork.Parent(0.3, Optional.of(Map.of("P_0", new int[] {2, 0, 1})));
        Measurement nan = Measurement.onImages("loss", Split.TEST, 9, Double.NaN);
        Measurement point = Measurement.onImages("fgsm-accuracy", Split.TEST, 9, 0.1 + 0.2)
                .in(InputSpace.PIXEL)
                .at(10)
                .soundIf(false);
        BitSet correct = BitSet.valueOf(new long[] {0b1_0010_1101});
        float[] distances = {0.1f, Float.NaN, Float.MIN_VALUE, Float.POSITIVE_INFINITY};

        TaskOutcome.Succeeded read = (TaskOutcome.Succeeded) throughAFile(new TaskOutcome.Succeeded(
                        Optional.of(
                                new NewNetwork(new Architecture.Mlp(3, List.of(3), 2), checkpoint, List.of(parent))),
                        List.of(nan, point, Measurement.scalar("seconds", Double.NEGATIVE_INFINITY)),
                        List.of(ImageOutcome.correct(point, correct), ImageOutcome.distances(point, distances)),
                        List.of(new SanityCheck(
                                "fgsm-accuracy", Optional.of("pixel"), "clean-at-zero", 1, 0.5, false))))
                .outcome();

        NewNetwork network = read.network().orElseThrow();
        assertThat(network.checkpoint()).isEqualTo(checkpoint);
        assertThat(network.architecture()).isEqualTo(new Architecture.Mlp(3, List.of(3), 2));
        assertThat(network.parents().get(0).permutation().orElseThrow().get("P_0"))
                .containsExactly(2, 0, 1);
        assertThat(read.measurements())
                .containsExactly(nan, point, Measurement.scalar("seconds", Double.NEGATIVE_INFINITY));
        assertThat(read.images().get(0).correct()).contains(correct);
        assertThat(read.images().get(1).distances().orElseThrow()).containsExactly(distances);
        assertThat(read.checks()).hasSize(1).allMatch(check -> !check.passed());
    }

    @Test
    void the_lease_comes_back_as_it_was() throws IOException {
        assertThat(throughAFile(new TaskOutcome.Rejected("loss became NaN in epoch 1")))
                .isEqualTo(new Done(lease(5), new TaskOutcome.Rejected("loss became NaN in epoch 1")));
    }

    @Test
    void verdicts_come_back() throws IOException {
        TaskOutcome.Concluded concluded = new TaskOutcome.Concluded(List.of(new Conclusion(
                "H1",
                Conclusion.Outcome.REPRODUCED,
                Optional.empty(),
                "the interval lies above the margin",
                List.of(),
                4,
                List.of())));

        assertThat(throughAFile(concluded).outcome()).isEqualTo(concluded);
    }

    @Test
    void a_file_with_a_flipped_bit_is_refused() throws IOException {
        throughAFile(new TaskOutcome.Rejected("no"));
        Path file = folder.resolve("5.result");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> DoneFile.read(file))
                .withMessageContaining("5.result is damaged");
    }
}
