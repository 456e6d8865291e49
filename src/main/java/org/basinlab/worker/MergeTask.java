package org.basinlab.worker;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.basinlab.ledger.Lease;
import org.basinlab.merging.MergeReport;
import org.basinlab.merging.Merged;
import org.basinlab.merging.Merging;
import org.basinlab.network.Permutations;
import org.basinlab.network.Safetensors;
import org.basinlab.network.SafetensorsFile;
import org.basinlab.network.Weights;
import org.basinlab.recipe.MergeStep;
import org.basinlab.recipe.Progress;
import org.basinlab.workflow.Measurement;
import org.basinlab.workflow.NewNetwork;
import org.basinlab.workflow.TaskOutcome;
import org.basinlab.workflow.TaskSpec;

/** Makes one network of several, with the permutations that did it. */
@ApplicationScoped
class MergeTask {

    private final NetworkShelf networks;

    MergeTask(NetworkShelf networks) {
        this.networks = networks;
    }

    TaskOutcome run(TaskSpec.Merge spec, List<Lease.Input> inputs, Progress progress) {
        List<SafetensorsFile> files =
                inputs.stream().map(input -> networks.get(input.sha256())).toList();
        List<Weights> weights = files.stream().map(SafetensorsFile::weights).toList();
        long started = System.nanoTime();
        Merged merged = Merging.merge(spec.step(), weights, spec.seed(), progress);
        double seconds = (System.nanoTime() - started) / 1e9;
        byte[] checkpoint = Safetensors.write(
                merged.weights(),
                Provenance.ofMerged(
                        merged.weights(),
                        spec,
                        inputs.stream().map(Lease.Input::sha256).toList(),
                        files.get(0).metadata()));
        NewNetwork network = new NewNetwork(merged.weights().architecture(), checkpoint, parents(spec.step(), merged));
        return new TaskOutcome.Succeeded(Optional.of(network), measured(spec.step(), merged.report(), seconds));
    }

    private static List<NewNetwork.Parent> parents(MergeStep step, Merged merged) {
        int count = merged.permutationOfInput().size();
        List<NewNetwork.Parent> parents = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Permutations permutation = merged.permutationOfInput().get(i);
            double share = 1.0 / count;
            if (step instanceof MergeStep.Pair pair) {
                share = i == 0 ? 1 - pair.share() : pair.share();
            }
            parents.add(new NewNetwork.Parent(
                    share, permutation.isIdentity() ? Optional.empty() : Optional.of(permutation.toMap())));
        }
        return parents;
    }

    private static List<Measurement> measured(MergeStep step, MergeReport report, double seconds) {
        List<Measurement> measured = new ArrayList<>();
        measured.add(Measurement.scalar("seconds", seconds));
        measured.add(Measurement.scalar("matchings", report.matchings()));
        if (!(step instanceof MergeStep.Mean)) {
            measured.add(Measurement.scalar("sweeps", report.sweeps()));
            measured.add(Measurement.scalar("l2-before", report.l2Before()));
            measured.add(Measurement.scalar("l2-after", report.l2After()));
        }
        if (step instanceof MergeStep.Many) {
            measured.add(Measurement.scalar("rounds", report.rounds()));
        }
        return measured;
    }
}
