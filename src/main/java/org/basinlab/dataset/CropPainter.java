package org.basinlab.dataset;

import java.util.function.IntFunction;

/**
 * Paints each image through a crop of its own.
 *
 * @param tables what each level becomes, {@code [channels][256]}
 * @param crops of the images by their indices
 */
record CropPainter(float[][] tables, int height, int width, IntFunction<Crop> crops) implements Painter {

    @Override
    public void paint(int image, byte[] levels, int start, float[] row) {
        Crop crop = crops.apply(image);
        int plane = height * width;
        for (int channel = 0; channel < tables.length; channel++) {
            int offset = channel * plane;
            crop.paint(tables[channel], levels, start + offset, height, width, row, offset);
        }
    }
}
