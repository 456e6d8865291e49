/** Seeded faults, injected into real processes and a real PostgreSQL, and the invariants that must hold after them. */
@NullMarked
package org.basinlab.chaos;

import org.jspecify.annotations.NullMarked;
