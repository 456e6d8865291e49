/** Values that say what to do, with their ranges: data set, architecture, training, matching, merge scheme, metric; and their canonical JSON. */
@NullMarked
package org.basinlab.recipe;

import org.jspecify.annotations.NullMarked;
