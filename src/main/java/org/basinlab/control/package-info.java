/** Networks that a merge is set against: equally accurate, equally small or equally far from a leaf, but not merged. */
@NullMarked
package org.basinlab.control;

import org.jspecify.annotations.NullMarked;
