/** One leased task to its outcome on this machine. */
@NullMarked
package org.basinlab.worker;

import org.jspecify.annotations.NullMarked;
