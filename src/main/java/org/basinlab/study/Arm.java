package org.basinlab.study;

import java.util.List;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.DatasetRef;
import org.basinlab.recipe.MergeScheme;
import org.basinlab.recipe.MetricRequest;
import org.basinlab.recipe.TrainingRecipe;

/**
 * One population of trained networks, and what is made of it and asked of it.
 *
 * @param name {@link #MAIN} for the study's own population
 * @param seeds of its networks, as the specification numbers them
 * @param merge empty where nothing is merged
 */
public record Arm(
        String name,
        DatasetRef dataset,
        Architecture network,
        TrainingRecipe training,
        SeedRange seeds,
        List<MergeScheme> merge,
        List<MetricRequest> evaluate) {

    public static final String MAIN = "main";

    public Arm {
        merge = List.copyOf(merge);
        evaluate = List.copyOf(evaluate);
    }
}
