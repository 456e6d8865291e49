/** What PostgreSQL remembers: studies, tasks, attempts, networks, checkpoints, metrics and lineage. */
@NullMarked
package org.basinlab.ledger;

import org.jspecify.annotations.NullMarked;
