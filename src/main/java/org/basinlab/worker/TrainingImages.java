package org.basinlab.worker;

import java.nio.FloatBuffer;
import java.util.Optional;
import java.util.stream.IntStream;
import org.basinlab.dataset.AugmentedImages;
import org.basinlab.dataset.Dataset;
import org.basinlab.dataset.ImageSet;
import org.basinlab.dataset.Subsets;
import org.basinlab.network.Examples;
import org.basinlab.recipe.Seeds;
import org.basinlab.recipe.Split;
import org.basinlab.recipe.Subset;
import org.basinlab.training.TrainingExamples;
import org.basinlab.workflow.TaskSpec;

/**
 * The images that one training sees: those of its subset, augmented afresh in every epoch.
 *
 * <p>A subset that names no seed is drawn by the training seed's role {@code subset}; augmentation takes its seed from the
 * role {@code augment}.
 */
final class TrainingImages implements TrainingExamples {

    private final AugmentedImages images;
    /** Indices of the images that are seen, rising. */
    private final int[] seen;

    /** @throws IllegalArgumentException if the subset has no images */
    TrainingImages(Dataset dataset, TaskSpec.Train spec) {
        ImageSet all = dataset.split(Split.TRAIN);
        images = new AugmentedImages(
                all,
                dataset.resolve(spec.dataset().normalise()),
                spec.training().augmentation(),
                Seeds.derive(spec.seed(), "augment"));
        seen = seen(all, spec.training().subset(), spec.seed());
    }

    private static int[] seen(ImageSet all, Optional<Subset> subset, long seed) {
        return subset.map(some -> Subsets.draw(all, some, some.seed().orElseGet(() -> Seeds.derive(seed, "subset"))))
                .orElseGet(() -> IntStream.range(0, all.count()).toArray());
    }

    /** How many are seen in each epoch. */
    int count() {
        return seen.length;
    }

    @Override
    public Examples ofEpoch(int epoch) {
        return new OfEpoch(epoch);
    }

    /** The images as they look in one epoch, numbered from 0 without gaps. */
    private final class OfEpoch implements Examples {

        private final int epoch;

        OfEpoch(int epoch) {
            this.epoch = epoch;
        }

        @Override
        public int count() {
            return seen.length;
        }

        @Override
        public int inputs() {
            return images.images().pixels();
        }

        @Override
        public int label(int index) {
            return images.images().label(seen[index]);
        }

        @Override
        public void fill(int[] order, int from, int count, FloatBuffer into) {
            int[] chosen = new int[count];
            for (int i = 0; i < count; i++) {
                chosen[i] = seen[order[from + i]];
            }
            images.fill(epoch, chosen, 0, count, into);
        }
    }
}
