package org.basinlab.dataset;

import java.util.function.IntFunction;

/** Paints each image through a crop of its own. */
final class CropPainter implements Painter {

    private final float[][] tables;
    private final int height;
    private final int width;
    private final IntFunction<Crop> crops;

    /**
     * @param tables what each level becomes, {@code [channels][256]}
     * @param crops of the images by their indices
     */
    CropPainter(float[][] tables, int height, int width, IntFunction<Crop> crops) {
        this.tables = tables;
        this.height = height;
        this.width = width;
        this.crops = crops;
    }

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
