/** Makes one network of several. */
@NullMarked
package org.basinlab.merging;

import org.jspecify.annotations.NullMarked;
