package org.basinlab.evaluation;

import org.basinlab.recipe.Extent;
import org.basinlab.recipe.Operation;

/**
 * The sizes of a convolution over square windows, with zeros beyond the edge.
 *
 * @param in of what comes in
 * @param out of what goes out
 * @param kernel positions of a window in each direction
 * @param stride positions from one window to the next
 * @param padding zeros on every side
 */
record Window(Extent in, Extent out, int kernel, int stride, int padding) {

    static Window of(Operation.Convolution convolution, Extent in, Extent out) {
        return new Window(in, out, convolution.kernel(), convolution.stride(), convolution.padding());
    }

    /** Where the weight of an output channel, an input channel and a tap of the window lies. */
    int index(int unit, int channel, int tap) {
        return (unit * in.channels() + channel) * kernel * kernel + tap;
    }
}
