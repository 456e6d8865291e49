/** Who runs what, when: claims, leases, heartbeats and retries; Quartz for what waits for time. */
@NullMarked
package org.basinlab.dispatch;

import org.jspecify.annotations.NullMarked;
