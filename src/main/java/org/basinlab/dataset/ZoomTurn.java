package org.basinlab.dataset;

/**
 * An image zoomed and moved, then perhaps mirrored, then turned, each about the middle of the frame, which keeps its size.
 *
 * @param zoom above 0; more than 1 magnifies
 * @param down by how many pixels of the zoomed image the frame lies below its middle
 * @param right the same to the right
 * @param mirrored left and right exchanged
 * @param degrees counter-clockwise as it is seen
 */
record ZoomTurn(double zoom, double down, double right, boolean mirrored, double degrees) {

    static final double LEAST_ZOOM = 0.8;
    static final double LARGEST_ZOOM = 1.2;
    static final double LARGEST_TURN = 30;

    /**
     * Git Re-Basin's: a zoom of 0.8–1.2, evenly in its logarithm; then, where the zoomed image is larger than the frame, a
     * frame anywhere in it, and where it is smaller, the image anywhere in the frame, evenly in both directions; mirrored
     * in half of the cases; turned evenly by −30° to 30°.
     */
    static ZoomTurn draw(int height, int width, SplitMix random) {
        double zoom = StrictMath.exp(random.between(StrictMath.log(LEAST_ZOOM), StrictMath.log(LARGEST_ZOOM)));
        double downMost = Math.abs(height * zoom - height) / 2;
        double rightMost = Math.abs(width * zoom - width) / 2;
        return new ZoomTurn(
                zoom,
                random.between(-downMost, downMost),
                random.between(-rightMost, rightMost),
                random.coin(),
                random.between(-LARGEST_TURN, LARGEST_TURN));
    }

    /** Composed here and not carried out one after another, so that every pixel is interpolated once. */
    AffineMap map(int height, int width) {
        double middleY = (height - 1) / 2.0;
        double middleX = (width - 1) / 2.0;
        // StrictMath: the same bits on every machine.
        double cos = StrictMath.cos(Math.toRadians(degrees)) / zoom;
        double sin = StrictMath.sin(Math.toRadians(degrees)) / zoom;
        double sign = mirrored ? -1 : 1;
        return new AffineMap(
                middleY + down / zoom - cos * middleY - sin * middleX,
                cos,
                sin,
                middleX + right / zoom + sign * (sin * middleY - cos * middleX),
                -sign * sin,
                sign * cos);
    }
}
