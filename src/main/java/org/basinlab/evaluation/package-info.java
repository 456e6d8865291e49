/** What a network is worth: accuracy, loss, weight norm. */
@NullMarked
package org.basinlab.evaluation;

import org.jspecify.annotations.NullMarked;
