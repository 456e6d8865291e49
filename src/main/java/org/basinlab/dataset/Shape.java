package org.basinlab.dataset;

/** The ten classes of the built-in images, in the order of their labels. */
enum Shape {
    DISC {
        @Override
        boolean covers(int dx, int dy, int radius) {
            return dx * dx + dy * dy <= radius * radius;
        }
    },
    RING {
        @Override
        boolean covers(int dx, int dy, int radius) {
            int squared = dx * dx + dy * dy;
            return squared <= radius * radius && 25 * squared >= 9 * radius * radius;
        }
    },
    SQUARE {
        @Override
        boolean covers(int dx, int dy, int radius) {
            return 8 * farthest(dx, dy) <= 7 * radius;
        }
    },
    FRAME {
        @Override
        boolean covers(int dx, int dy, int radius) {
            return SQUARE.covers(dx, dy, radius) && 2 * farthest(dx, dy) >= radius;
        }
    },
    DIAMOND {
        @Override
        boolean covers(int dx, int dy, int radius) {
            return 4 * (Math.abs(dx) + Math.abs(dy)) <= 5 * radius;
        }
    },
    TRIANGLE {
        @Override
        boolean covers(int dx, int dy, int radius) {
            return dy <= radius * 3 / 4 && 2 * Math.abs(dx) <= dy + radius;
        }
    },
    PLUS {
        @Override
        boolean covers(int dx, int dy, int radius) {
            return 3 * nearest(dx, dy) <= radius && farthest(dx, dy) <= radius;
        }
    },
    CROSS {
        @Override
        boolean covers(int dx, int dy, int radius) {
            return 2 * Math.abs(Math.abs(dx) - Math.abs(dy)) <= radius && 8 * farthest(dx, dy) <= 7 * radius;
        }
    },
    ROWS {
        @Override
        boolean covers(int dx, int dy, int radius) {
            return SQUARE.covers(dx, dy, radius) && inStripe(dy, radius);
        }
    },
    COLUMNS {
        @Override
        boolean covers(int dx, int dy, int radius) {
            return SQUARE.covers(dx, dy, radius) && inStripe(dx, radius);
        }
    };

    /** Whether the point at this distance from the centre belongs to a shape of this radius; all in one unit. */
    abstract boolean covers(int dx, int dy, int radius);

    private static int farthest(int dx, int dy) {
        return Math.max(Math.abs(dx), Math.abs(dy));
    }

    private static int nearest(int dx, int dy) {
        return Math.min(Math.abs(dx), Math.abs(dy));
    }

    /** Three stripes and two gaps, equally wide, fill the square. */
    private static boolean inStripe(int offset, int radius) {
        int fifth = Math.floorDiv(20 * (offset + radius * 7 / 8), 7 * radius);
        return fifth % 2 == 0;
    }
}
