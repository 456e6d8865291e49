/** From architecture, data, recipe and seed to weights. */
@NullMarked
package org.basinlab.training;

import org.jspecify.annotations.NullMarked;
