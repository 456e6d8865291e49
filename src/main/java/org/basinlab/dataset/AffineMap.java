package org.basinlab.dataset;

/**
 * Where in an image each pixel of another is looked for: row y and column x come from row y0 + yDown·y + yRight·x and
 * column x0 + xDown·y + xRight·x. Pixels are points at whole coordinates.
 */
record AffineMap(double y0, double yDown, double yRight, double x0, double xDown, double xRight) {}
