/** The linear assignment problem on a dense cost matrix; knows nothing of networks. */
@NullMarked
package org.basinlab.assignment;

import org.jspecify.annotations.NullMarked;
