/** Finds the permutation that aligns one network with another. */
@NullMarked
package org.basinlab.matching;

import org.jspecify.annotations.NullMarked;
