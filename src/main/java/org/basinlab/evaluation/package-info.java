/** What a network is worth: accuracy, loss, calibration, weight norm, Lipschitz bounds, paths and barriers. */
@NullMarked
package org.basinlab.evaluation;

import org.jspecify.annotations.NullMarked;
