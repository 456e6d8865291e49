package org.basinlab.network;

import java.nio.FloatBuffer;
import java.util.random.RandomGenerator;
import org.basinlab.recipe.Seeds;

/** Examples in memory. */
public final class ArrayExamples implements Examples {

    private final float[][] values;
    private final int[] labels;

    public ArrayExamples(float[][] values, int[] labels) {
        this.values = values;
        this.labels = labels;
    }

    /** Points around one random centre a class, so that a network can learn them. */
    public static ArrayExamples clusters(int count, int inputs, int classes, long seed) {
        RandomGenerator centres = Seeds.generator(Seeds.derive(1, "centres"));
        double[][] centre = new double[classes][inputs];
        for (double[] point : centre) {
            for (int j = 0; j < inputs; j++) {
                point[j] = centres.nextGaussian();
            }
        }
        RandomGenerator random = Seeds.generator(seed);
        float[][] values = new float[count][inputs];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = random.nextInt(classes);
            for (int j = 0; j < inputs; j++) {
                values[i][j] = (float) (0.5 * centre[labels[i]][j] + random.nextGaussian());
            }
        }
        return new ArrayExamples(values, labels);
    }

    float[] inputsOf(int index) {
        return values[index];
    }

    @Override
    public int count() {
        return labels.length;
    }

    @Override
    public int inputs() {
        return values[0].length;
    }

    @Override
    public int label(int index) {
        return labels[index];
    }

    @Override
    public void fill(int[] order, int from, int count, FloatBuffer into) {
        for (int i = from; i < from + count; i++) {
            into.put(values[order[i]]);
        }
    }
}
