/** Our own PostgreSQL process, for when no database is named. */
@NullMarked
package org.basinlab.embedded;

import org.jspecify.annotations.NullMarked;
