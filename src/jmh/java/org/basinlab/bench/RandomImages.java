package org.basinlab.bench;

import java.nio.FloatBuffer;
import java.util.Random;
import org.basinlab.network.Examples;

/** Images of 3×32×32 random bytes in memory, normalised while they are copied, as those of a data set are. */
final class RandomImages implements Examples {

    static final int PIXELS = 3_072;
    static final int CLASSES = 10;

    private static final double[] MEAN = {0.4914, 0.4822, 0.4465};
    private static final double[] STD = {0.2470, 0.2435, 0.2616};
    private static final int PLANE = PIXELS / MEAN.length;

    private final byte[] pixels;
    private final float[][] tables = new float[MEAN.length][256];

    RandomImages(int count, long seed) {
        pixels = new byte[Math.multiplyExact(count, PIXELS)];
        new Random(seed).nextBytes(pixels);
        for (int channel = 0; channel < tables.length; channel++) {
            for (int level = 0; level < 256; level++) {
                tables[channel][level] = (float) ((level / 255.0 - MEAN[channel]) / STD[channel]);
            }
        }
    }

    @Override
    public int count() {
        return pixels.length / PIXELS;
    }

    @Override
    public int inputs() {
        return PIXELS;
    }

    @Override
    public int label(int index) {
        return index % CLASSES;
    }

    @Override
    public void fill(int[] order, int from, int count, FloatBuffer into) {
        float[] row = new float[PIXELS];
        for (int i = from; i < from + count; i++) {
            for (int channel = 0; channel < tables.length; channel++) {
                look(tables[channel], pixels, order[i] * PIXELS + channel * PLANE, row, channel * PLANE);
            }
            into.put(row);
        }
    }

    private static void look(float[] table, byte[] levels, int from, float[] row, int to) {
        for (int i = 0; i < PLANE; i++) {
            row[to + i] = table[levels[from + i] & 0xFF];
        }
    }
}
