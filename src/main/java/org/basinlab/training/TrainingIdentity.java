package org.basinlab.training;

import org.basinlab.network.EngineDescription;
import org.basinlab.network.Examples;
import org.basinlab.recipe.Architecture;
import org.basinlab.recipe.CanonicalJson;
import org.basinlab.recipe.TrainingRecipe;

/**
 * What a training is, so that another one does not take up its resume point. The examples themselves are not looked at,
 * only how many there are.
 *
 * @param engine what computes, to the BLAS kernel and the device: another one would round in another order
 * @param architecture its label
 * @param recipe SHA-256 of its canonical JSON
 * @param trained examples of an epoch
 * @param tested examples of its test
 */
record TrainingIdentity(String engine, String architecture, String recipe, long seed, int trained, int tested) {

    static TrainingIdentity of(
            EngineDescription engine,
            Architecture architecture,
            TrainingRecipe recipe,
            long seed,
            Examples train,
            Examples test) {
        return new TrainingIdentity(
                "%s, %s, %s, %d threads, %s"
                        .formatted(engine.engine(), engine.blas(), engine.kernel(), engine.threads(), engine.device()),
                architecture.label(),
                CanonicalJson.digest(recipe),
                seed,
                train.count(),
                test.count());
    }

    /** @throws IllegalArgumentException naming the first difference */
    void requireSame(TrainingIdentity other) {
        requireSame("engine", other.engine, engine);
        requireSame("architecture", other.architecture, architecture);
        requireSame("recipe", other.recipe, recipe);
        requireSame("seed", other.seed, seed);
        requireSame("number of training examples", other.trained, trained);
        requireSame("number of test examples", other.tested, tested);
    }

    private static void requireSame(String what, Object expected, Object found) {
        if (!expected.equals(found)) {
            throw new IllegalArgumentException(
                    "the resume point must be of %s %s, was of %s".formatted(what, expected, found));
        }
    }
}
