/** Measured numbers against claims: intervals, tests, conclusions. */
@NullMarked
package org.basinlab.verdict;

import org.jspecify.annotations.NullMarked;
