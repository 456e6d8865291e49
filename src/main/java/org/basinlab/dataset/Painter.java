package org.basinlab.dataset;

/** Makes the inputs of a network out of the bytes of one image. Made for one batch, used by one thread. */
interface Painter {

    /**
     * Writes an image's normalised values.
     *
     * @param image its index in its set
     * @param levels bytes, channel-major from {@code start} on
     * @param row as many values as the image has pixels, all overwritten
     */
    void paint(int image, byte[] levels, int start, float[] row);
}
