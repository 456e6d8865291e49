/** HTTP: one resource per noun, records in and out, one problem mapper. */
@NullMarked
package org.basinlab.api;

import org.jspecify.annotations.NullMarked;
