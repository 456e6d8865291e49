package org.basinlab.dataset;

import org.basinlab.recipe.KnownDataset;
import org.basinlab.recipe.Split;

/**
 * The unpacked records of a data set by split, a label byte and the pixels each, and whether each file that they came from
 * is the published one. Threads may fill different files at once; who joins them sees what they wrote.
 */
final class Records {

    private final byte[] train;
    private final byte[] test;
    private final boolean[] original;

    Records(KnownDataset name, int trainImages, int testImages, int files) {
        int record = 1 + name.pixels();
        train = new byte[trainImages * record];
        test = new byte[testImages * record];
        original = new boolean[files];
    }

    byte[] of(Split split) {
        return split == Split.TRAIN ? train : test;
    }

    /** Tells of a file whether it is the published one. */
    void original(int file, boolean is) {
        original[file] = is;
    }

    /** Whether all files are the published ones. */
    boolean official() {
        for (boolean one : original) {
            if (!one) {
                return false;
            }
        }
        return true;
    }
}
