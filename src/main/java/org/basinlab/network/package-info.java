/** Named weights, which axes share a permutation, forward and backward passes, losses, safetensors. */
@NullMarked
package org.basinlab.network;

import org.jspecify.annotations.NullMarked;
