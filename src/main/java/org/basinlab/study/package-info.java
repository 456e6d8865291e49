/** The question: a YAML specification, read strictly, validated and immutable. */
@NullMarked
package org.basinlab.study;

import org.jspecify.annotations.NullMarked;
