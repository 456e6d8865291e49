package org.basinlab.worker;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.basinlab.evaluation.NormalisedImages;
import org.basinlab.evaluation.Score;
import org.basinlab.ledger.Lease;
import org.basinlab.merging.MergeImages;
import org.basinlab.merging.MergeReport;
import org.basinlab.merging.Merged;
import org.basinlab.merging.Merging;
import org.basinlab.network.Permutations;
import org.basinlab.network.Safetensors;
import org.basinlab.network.SafetensorsFile;
import org.basinlab.network.Weights;
import org.basinlab.recipe.MergeStep;
import org.basinlab.recipe.Permuted;
import org.basinlab.recipe.Progress;
import org.basinlab.workflow.Measurement;
import org.basinlab.workflow.NewNetwork;
import org.basinlab.workflow.TaskOutcome;
import org.basinlab.workflow.TaskSpec;

/** Makes one network of several, with the permutations that did it. */
@ApplicationScoped
class MergeTask {

    /** Roughly what two passes over the images take of a matching with them. */
    private static final double SHARE_OF_SCORES = 0.5;

    /** Images by whose loss the better of a pair is known. */
    private static final int BETTER_IMAGES = 10_000;

    private final NetworkShelf networks;
    private final DataShelf data;

    MergeTask(NetworkShelf networks, DataShelf data) {
        this.networks = networks;
        this.data = data;
    }

    TaskOutcome run(TaskSpec.Merge spec, Lease lease, Progress progress) {
        List<SafetensorsFile> files = lease.inputs().stream()
                .map(input -> networks.getFinite(input.sha256()))
                .toList();
        List<Weights> weights = files.stream().map(SafetensorsFile::weights).toList();
        Optional<NormalisedImages> images = spec.images().map(some -> data.images(some, lease.dataDigest()));
        long started = System.nanoTime();
        Merged merged = merge(spec, weights, images, progress);
        double seconds = (System.nanoTime() - started) / 1e9;
        byte[] checkpoint = Safetensors.write(
                merged.weights(),
                Provenance.ofMade(
                        merged.weights(),
                        spec,
                        lease.inputs().stream().map(Lease.Input::sha256).toList(),
                        spec.images().flatMap(some -> lease.dataDigest()),
                        files.get(0).metadata()));
        NewNetwork network = new NewNetwork(merged.weights().architecture(), checkpoint, parents(merged));
        return new TaskOutcome.Succeeded(Optional.of(network), measured(spec.step(), merged, seconds));
    }

    /** The merge itself; which of a pair is the better one is found before. */
    static Merged merge(
            TaskSpec.Merge spec, List<Weights> weights, Optional<NormalisedImages> images, Progress progress) {
        Optional<MergeImages> seen = images.map(MergeImages::new);
        if (images.isEmpty()
                || !(spec.step() instanceof MergeStep.Pair pair)
                || !pair.permute().equals(Optional.of(Permuted.BETTER))) {
            return Merging.merge(spec.step(), weights, spec.seed(), seen, progress);
        }
        Permuted moved = better(weights, first(images.get()), part(progress, 0, SHARE_OF_SCORES));
        MergeStep.Pair decided = new MergeStep.Pair(pair.matching(), pair.share(), Optional.of(moved), pair.repair());
        return Merging.merge(decided, weights, spec.seed(), seen, part(progress, SHARE_OF_SCORES, 1));
    }

    /** Those by whose loss the better of a pair is known. */
    private static NormalisedImages first(NormalisedImages images) {
        return new NormalisedImages(images.images(), images.constants(), Math.min(BETTER_IMAGES, images.count()));
    }

    /** The one of the lower mean loss; the second of two equal ones, and where a loss is no number. */
    private static Permuted better(List<Weights> pair, NormalisedImages images, Progress progress) {
        double first = Score.of(pair.get(0), images, part(progress, 0, 0.5)).loss();
        double second = Score.of(pair.get(1), images, part(progress, 0.5, 1)).loss();
        return first < second ? Permuted.FIRST : Permuted.SECOND;
    }

    private static Progress part(Progress whole, double from, double to) {
        return fraction -> whole.at(from + fraction * (to - from));
    }

    private static List<NewNetwork.Parent> parents(Merged merged) {
        List<NewNetwork.Parent> parents = new ArrayList<>();
        for (int i = 0; i < merged.permutationOfInput().size(); i++) {
            Permutations permutation = merged.permutationOfInput().get(i);
            parents.add(new NewNetwork.Parent(
                    merged.shareOfInput().get(i),
                    permutation.isIdentity() ? Optional.empty() : Optional.of(permutation.toMap())));
        }
        return parents;
    }

    static List<Measurement> measured(MergeStep step, Merged merged, double seconds) {
        MergeReport report = merged.report();
        List<Measurement> measured = new ArrayList<>();
        measured.add(Measurement.scalar("seconds", seconds));
        measured.add(Measurement.scalar("matchings", report.matchings()));
        if (!(step instanceof MergeStep.Mean)) {
            measured.add(Measurement.scalar("sweeps", report.sweeps()));
            measured.add(Measurement.scalar("l2-before", report.l2Before()));
            measured.add(Measurement.scalar("l2-after", report.l2After()));
        }
        if (step instanceof MergeStep.Many || step instanceof MergeStep.CycleConsistent) {
            measured.add(Measurement.scalar("rounds", report.rounds()));
            measured.add(Measurement.scalar("converged", report.converged() ? 1 : 0));
        }
        if (step instanceof MergeStep.GreedySoup) {
            measured.add(Measurement.scalar("members", merged.members()));
        }
        return measured;
    }
}
