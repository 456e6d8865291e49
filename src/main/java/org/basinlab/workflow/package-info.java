/** The task graph that answers a study: tasks, states, and what may follow what. Pure. */
@NullMarked
package org.basinlab.workflow;

import org.jspecify.annotations.NullMarked;
