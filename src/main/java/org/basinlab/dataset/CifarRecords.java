package org.basinlab.dataset;

/** The unpacked records of CIFAR-10 by split; every file has its place in one of the two arrays. */
final class CifarRecords {

    private final byte[] train;
    private final byte[] test;

    CifarRecords(CifarLayout layout) {
        train = new byte[CifarLayout.TRAINING_FILES * layout.bytesPerBatch()];
        test = new byte[layout.bytesPerBatch()];
    }

    byte[] train() {
        return train;
    }

    byte[] test() {
        return test;
    }

    /** The array that holds this file of {@link CifarLayout#FILES}. */
    byte[] holding(int file) {
        return file < CifarLayout.TRAINING_FILES ? train : test;
    }

    /** Where this file begins in its array. */
    int offset(int file, int bytesPerBatch) {
        return file < CifarLayout.TRAINING_FILES ? file * bytesPerBatch : 0;
    }
}
