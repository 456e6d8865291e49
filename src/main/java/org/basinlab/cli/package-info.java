/** The basinlab command. */
@NullMarked
package org.basinlab.cli;

import org.jspecify.annotations.NullMarked;
