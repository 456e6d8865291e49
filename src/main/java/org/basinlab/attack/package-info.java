/** What a network still gets right when its inputs or weights are changed: by an adversary, or by chance. */
@NullMarked
package org.basinlab.attack;

import org.jspecify.annotations.NullMarked;
