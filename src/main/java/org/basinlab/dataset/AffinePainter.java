package org.basinlab.dataset;

import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * Paints images through affine maps: each value is interpolated bilinearly between the four pixels around its place, and
 * everything outside the image is black. Levels are normalised before, which gives the same: a weighted mean of values
 * is that of the levels, normalised. A place that is a pixel's gives exactly that pixel.
 */
final class AffinePainter implements Painter {

    /** Black pixels above and left of the image in its plane; below and right there is one more. */
    private static final int BORDER = 1;

    private final float[][] tables;
    private final IntFunction<AffineMap> maps;
    private final int height;
    private final int width;
    /** Pixels from one row of a plane to the next. */
    private final int stride;
    /** One a channel, in a black border, so that no pixel needs to ask whether it lies inside. */
    private final float[][] planes;

    /** Of every pixel: where in a plane the upper left of its four neighbours lies, and how far it is from that one. */
    private final int[] corner;

    private final float[] below;
    private final float[] beside;

    /**
     * @param tables what each level becomes, {@code [channels][256]}
     * @param maps of the images by their indices
     */
    AffinePainter(float[][] tables, int height, int width, IntFunction<AffineMap> maps) {
        this.tables = tables;
        this.maps = maps;
        this.height = height;
        this.width = width;
        stride = width + 2 * BORDER + 1;
        planes = new float[tables.length][(height + 2 * BORDER + 1) * stride];
        for (int channel = 0; channel < tables.length; channel++) {
            Arrays.fill(planes[channel], tables[channel][0]);
        }
        corner = new int[height * width];
        below = new float[height * width];
        beside = new float[height * width];
    }

    @Override
    public void paint(int image, byte[] levels, int start, float[] row) {
        AffineMap map = maps.apply(image);
        for (int y = 0; y < height; y++) {
            locate(map, y);
        }
        int pixels = height * width;
        for (int channel = 0; channel < planes.length; channel++) {
            float[] plane = planes[channel];
            for (int y = 0; y < height; y++) {
                int from = start + channel * pixels + y * width;
                PlainPainter.look(tables[channel], levels, from, plane, (y + BORDER) * stride + BORDER, width);
            }
            sample(plane, row, channel * pixels);
        }
    }

    /** Places beyond the border are put on it: it is as black there. */
    private void locate(AffineMap map, int y) {
        float startY = (float) (map.y0() + map.yDown() * y + BORDER);
        float startX = (float) (map.x0() + map.xDown() * y + BORDER);
        float stepY = (float) map.yRight();
        float stepX = (float) map.xRight();
        float lastY = height + BORDER;
        float lastX = width + BORDER;
        int to = y * width;
        for (int x = 0; x < width; x++) {
            float atY = Math.max(0, Math.min(lastY, startY + stepY * x));
            float atX = Math.max(0, Math.min(lastX, startX + stepX * x));
            int rowAbove = (int) atY;
            int columnLeft = (int) atX;
            corner[to + x] = rowAbove * stride + columnLeft;
            below[to + x] = atY - rowAbove;
            beside[to + x] = atX - columnLeft;
        }
    }

    private void sample(float[] plane, float[] row, int to) {
        int down = stride;
        for (int i = 0; i < corner.length; i++) {
            int at = corner[i];
            float upper = plane[at] + (plane[at + 1] - plane[at]) * beside[i];
            float lower = plane[at + down] + (plane[at + down + 1] - plane[at + down]) * beside[i];
            row[to + i] = upper + (lower - upper) * below[i];
        }
    }
}
