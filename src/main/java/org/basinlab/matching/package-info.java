/** Finds the permutations that align networks with each other. */
@NullMarked
package org.basinlab.matching;

import org.jspecify.annotations.NullMarked;
