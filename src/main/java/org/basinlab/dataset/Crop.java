package org.basinlab.dataset;

/**
 * An image's own size cut out of it after a border of black was put around it, and perhaps mirrored: what torchvision's
 * {@code RandomCrop(32, padding=4)} and {@code RandomHorizontalFlip()} do to a CIFAR-10 image, in that order.
 *
 * @param down rows by which the cut lies below the image, −{@value #BORDER} to {@value #BORDER}
 * @param right columns by which it lies to its right, the same range
 * @param mirrored left and right exchanged, of what was cut out
 */
record Crop(int down, int right, boolean mirrored) {

    static final int BORDER = 4;

    /** Each of the 9 × 9 places equally likely, mirrored in half of the cases. */
    static Crop draw(SplitMix random) {
        return new Crop(random.between(-BORDER, BORDER), random.between(-BORDER, BORDER), random.coin());
    }

    /**
     * Writes one channel of the cut.
     *
     * @param table what each level becomes; level 0 is the border's
     * @param levels the channel's from {@code start} on, row by row
     * @param row the values from {@code to} on are overwritten, {@code height · width}
     */
    void paint(float[] table, byte[] levels, int start, int height, int width, float[] row, int to) {
        int first = Math.max(0, -right);
        int last = Math.min(width, width - right);
        for (int y = 0; y < height; y++) {
            int at = to + y * width;
            int source = y + down;
            if (source < 0 || source >= height) {
                black(table, row, at, at + width);
            } else {
                black(table, row, at, at + first);
                PlainPainter.look(table, levels, start + source * width + first + right, row, at + first, last - first);
                black(table, row, at + last, at + width);
            }
            if (mirrored) {
                mirror(row, at, width);
            }
        }
    }

    private static void black(float[] table, float[] row, int from, int end) {
        for (int i = from; i < end; i++) {
            row[i] = table[0];
        }
    }

    private static void mirror(float[] row, int from, int width) {
        for (int left = from, right = from + width - 1; left < right; left++, right--) {
            float kept = row[left];
            row[left] = row[right];
            row[right] = kept;
        }
    }
}
