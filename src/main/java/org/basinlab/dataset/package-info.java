/** Named data sets: found, checked, split, and normalised into a caller's buffer. */
@NullMarked
package org.basinlab.dataset;

import org.jspecify.annotations.NullMarked;
