package org.basinlab.workflow;

import org.basinlab.recipe.MetricRequest;

/** What the outcomes of images of one task take up in the store: a bit an image and point, four bytes a distance. */
final class OutcomeSize {

    /** A row beside its bits: names, point, the store's own. */
    private static final int ROW = 200;

    private OutcomeSize() {}

    static long bytes(TaskSpec.Evaluate evaluation) {
        MetricRequest metric = evaluation.metric();
        int images = evaluation.images().map(TaskSpec.Images::count).orElse(0);
        long bits = rows(metric) * (ROW + (images + 7) / 8);
        return metric instanceof MetricRequest.DeepFool ? bits + ROW + (long) Float.BYTES * images : bits;
    }

    /** Of bits, one for each point, and for each draw where there are draws. */
    private static long rows(MetricRequest metric) {
        if (metric instanceof MetricRequest.Accuracy) {
            return 1;
        }
        if (metric instanceof MetricRequest.Fgsm fgsm) {
            return fgsm.epsilons().values().size();
        }
        if (metric instanceof MetricRequest.Pgd pgd) {
            return pgd.budgets().values().size();
        }
        if (metric instanceof MetricRequest.DeepFool deepFool) {
            return deepFool.budgets().values().size();
        }
        if (metric instanceof MetricRequest.InputNoise noise) {
            return (long) noise.draws() * noise.sizes().values().size();
        }
        if (metric instanceof MetricRequest.WeightNoise noise) {
            return (long) noise.draws() * noise.sizes().values().size();
        }
        return 0;
    }
}
