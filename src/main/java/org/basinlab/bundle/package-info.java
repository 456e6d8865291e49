/** Studies as single files: export, import, and the evidence that ships with the program. */
@NullMarked
package org.basinlab.bundle;

import org.jspecify.annotations.NullMarked;
